// One message as people see it.

import { blocks, isCard } from "./blocks.js";
import { ask } from "./connection.js";
import { avatar, el, short, time } from "./dom.js";
import { emoji } from "./emoji.js";
import { confirmFirst } from "./form.js";
import { icon } from "./icons.js";
import { emojiMenu, menu } from "./menu.js";
import { store } from "./store.js";
import { TEXTS } from "./texts.js";

const COLLAPSED = 600;
const opened = new Set();

/** The element of a message, with its thread's messages to be put into its `.thread`. */
export function messageElement(message, composer) {
  const author = store.person(message.author);
  const isBot = message.author === store.bot;
  const kind = store.understood.get(message.id)?.kind;
  const classes = ["message", isBot && "from-bot", isBot && isCard(message) && "card", message.to && "ephemeral"];
  const inner = message.deleted_at ? [el("p", { class: "gone" }, TEXTS.deleted)] : [
    answered(message), text(message, composer), reactions(message, composer), actions(message, composer),
  ];
  return el("li", { class: classes.filter(Boolean).join(" "), id: message.id, tabIndex: -1, "data-key": message.id },
    el("div", { class: "row" },
      avatar(author, isBot),
      el("div", { class: "body" },
        el("div", { class: "meta" },
          el("strong", { class: "author", dir: "auto" }, author.name),
          author.role !== "customer" && el("span", { class: `role ${author.role}` }, author.role),
          time(message.at),
          message.changed_at && !isBot && !message.deleted_at && el("span", { class: "edited" }, TEXTS.edited),
          kind && !message.deleted_at && el("span", { class: `chip ${kind}` }, kind),
          message.to && !message.channel.startsWith("direct-") && el("span", { class: "only" }, TEXTS.onlyFor(store.person(message.to).name.split(" ")[0])),
          el("span", { class: "not-kept", hidden: !isWaiting(message) }, TEXTS.notKept)),
        inner)),
    el("ol", { class: "thread" }));
}

/** Whether the bot could not take it in yet, and that is known. */
export function isWaiting(message) {
  return Boolean(store.delivery.trouble) && message.number > store.delivery.delivered && message.author !== store.bot;
}

function answered(message) {
  const root = message.reply_to && store.messages.get(message.reply_to);
  return root && el("a", { class: "answered", href: `#${root.channel}/${root.id}`, dir: "auto" },
    `↪ ${store.person(root.author).name.split(" ")[0]}: ${short(root) || TEXTS.deleted}`);
}

function text(message, composer) {
  if (message.author === store.bot) return el("div", { class: "blocks" }, blocks(message, () => composer.speaker));
  const letters = message.text;
  if (letters.length <= COLLAPSED) return el("p", { class: "text", dir: "auto" }, letters);
  const isOpen = opened.has(message.id);
  const words = el("p", { class: "text", dir: "auto" }, isOpen ? letters : `${cut(letters)}…`);
  const toggle = el("button", { class: "button quiet small", type: "button", "data-key": "whole", "aria-expanded": String(isOpen) },
    isOpen ? TEXTS.showLess : TEXTS.showMore(letters.length));
  toggle.addEventListener("click", () => {
    const opens = !opened.delete(message.id);
    if (opens) opened.add(message.id);
    words.textContent = opens ? letters : `${cut(letters)}…`;
    toggle.textContent = opens ? TEXTS.showLess : TEXTS.showMore(letters.length);
    toggle.setAttribute("aria-expanded", String(opens));
  });
  return el("div", {}, words, toggle);
}

function cut(letters) {
  return letters.slice(0, COLLAPSED).toWellFormed?.() ?? letters.slice(0, COLLAPSED);
}

function reactions(message, composer) {
  const given = Object.entries(message.reactions);
  return given.length > 0 && el("div", { class: "reactions" }, given.map(([name, who]) => {
    const names = who.map((account) => store.person(account).name).join(", ");
    return el("button", {
      class: "reaction", type: "button", "data-key": `reaction-${name}`, title: names,
      "aria-pressed": String(who.includes(composer.speaker)), "aria-label": `${name.replaceAll("_", " ")}: ${names}`,
      onclick: () => ask({ type: "react", by: composer.speaker, message: message.id, emoji: name }),
    }, `${emoji(name)} ${who.length}`);
  }));
}

function actions(message, composer) {
  if (message.to) return null;
  const act = (key, label, sign, run) => el("button", {
    class: "action", type: "button", "data-key": key, "aria-label": label, title: label, onclick: run,
  }, icon(sign));
  return el("div", { class: "actions" },
    act("reply", TEXTS.reply, "reply", () => composer.reply(message)),
    act("thread", TEXTS.thread, "thread", () => composer.thread(message)),
    act("react", TEXTS.react, "react", (event) => emojiMenu(event.currentTarget, TEXTS.react,
      (name) => ask({ type: "react", by: composer.speaker, message: message.id, emoji: name }))),
    act("more", TEXTS.more, "more", (event) => menu(event.currentTarget, TEXTS.more, things(message, composer))));
}

function things(message, composer) {
  const speaker = store.person(composer.speaker);
  const mine = message.author === composer.speaker;
  const offered = store.commandsOf(composer.speaker).flatMap((command) => command.verbs.filter((verb) => verb.menu)
    .map((verb) => ({ label: verb.menu, act: () => composer.command(message, command.noun, verb) })));
  return [
    { label: TEXTS.understood, act: () => store.select(message.id, { opens: true }) },
    ...(message.author === store.bot ? [] : offered),
    ...(mine ? [{ label: TEXTS.edit, act: () => composer.edit(message) }] : []),
    ...(mine || speaker.role === "admin" ? [{ label: TEXTS.remove, danger: true, act: () => remove(message, composer) }] : []),
  ];
}

function remove(message, composer) {
  confirmFirst(TEXTS.confirmRemove, TEXTS.remove, () => ask({ type: "remove", by: composer.speaker, message: message.id }));
}
