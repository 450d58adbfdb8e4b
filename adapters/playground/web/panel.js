// What Parley understood of the selected message, and why it spoke or kept silent.

import { ask } from "./connection.js";
import { avatar, el, fill, short } from "./dom.js";
import { store } from "./store.js";
import { TEXTS } from "./texts.js";

const NAMES = new Intl.DisplayNames(["en"], { type: "language" });
const FAR = 1; // the distance at which a bar is empty

/** The panel's element; it follows what is selected. */
export function understoodPanel() {
  const element = el("div", { class: "understood", "aria-live": "polite" });
  const show = () => {
    const renewed = el("div", {}, content());
    // what looks the same is not read aloud again
    if (renewed.innerHTML !== element.innerHTML) fill(element, [...renewed.childNodes]);
  };
  store.addEventListener("selected", ({ detail }) => {
    if (detail.now && store.messages.get(detail.now)?.author !== store.bot) ask({ type: "why", message: detail.now });
    show();
  });
  store.addEventListener("understood", () => show());
  store.addEventListener("message", ({ detail }) => detail.message.id === store.selected && show());
  store.addEventListener("snapshot", show);
  show();
  return element;
}

function content() {
  const message = store.messages.get(store.selected);
  if (!message) return [el("p", { class: "hint" }, TEXTS.selectHint)];
  const author = store.person(message.author);
  const excerpt = el("div", { class: "excerpt" }, avatar(author, message.author === store.bot),
    el("div", {}, el("strong", { dir: "auto" }, author.name), el("p", { dir: "auto" }, short(message) || TEXTS.deleted)));
  if (message.author === store.bot) return [excerpt, el("p", { class: "hint" }, TEXTS.botMessage)];
  const found = store.understood.get(message.id);
  if (!found?.kept) return [excerpt, el("p", { class: "hint" }, TEXTS.thinking)];
  return [excerpt, kind(found), conversation(found), insight(found), near(found), staff(found), spoke(found)];
}

function kind(found) {
  const percent = Math.round(found.confidence * 100);
  return el("section", { class: "finding" },
    el("div", { class: "kind-line" }, el("span", { class: `chip ${found.kind}` }, found.kind),
      el("meter", { min: 0, max: 100, value: percent, "aria-label": TEXTS.confidence }), el("span", {}, `${percent} %`)),
    el("dl", { class: "facts" },
      found.rules.map((rule, place) => fact(place === 0 ? TEXTS.rule : TEXTS.inContext, rule)),
      fact(TEXTS.language, languageName(found.language)),
      found.bounds && fact(TEXTS.counts, TEXTS.countsFrom(Math.round(found.bounds.voice * 100)))));
}

function insight(found) {
  return section(TEXTS.insight, found.insight === null ? el("p", { class: "none" }, TEXTS.noInsight) : [
    el("p", { class: "insight", dir: "auto" }, el("strong", {}, `#${found.insight}`), ` ${found.title}`),
    found.routes.length > 0 && el("p", { class: "none" }, TEXTS.sentBy(found.routes)),
  ], list(found.reasons));
}

/** The nearest insights: the nearer, the longer the bar; below them, up to where what happens. */
function near(found) {
  const rows = found.near.map((one) => el("li", { class: `near ${one.nearness}` },
    el("div", { class: "near-line" }, el("strong", {}, `#${one.number}`),
      el("meter", { min: 0, max: FAR, value: Math.max(0, FAR - one.distance), "aria-label": TEXTS.alike }),
      el("span", { class: "distance" }, one.distance.toFixed(2)), el("span", { class: "nearness" }, TEXTS.nearness[one.nearness])),
    one.title && el("p", { class: "none", dir: "auto" }, one.title)));
  return section(TEXTS.near,
    rows.length > 0 ? el("ul", { class: "nearest" }, rows) : el("p", { class: "none" }, TEXTS.nothingNear),
    found.bounds && el("p", { class: "bounds" }, TEXTS.bounds(found.bounds)));
}

function conversation(found) {
  const root = found.reply_to && store.messages.get(found.reply_to);
  return section(TEXTS.conversation,
    el("p", {}, el("span", { class: "mark", "aria-hidden": "true" }), TEXTS.messagesOfIt(store.conversation().size)),
    root ? el("p", { class: "none" }, `${TEXTS.answersTo} `, el("a", { href: `#${root.channel}/${root.id}`, dir: "auto" },
      `${store.person(root.author).name.split(" ")[0]}: ${short(root)}`)) : el("p", { class: "none" }, TEXTS.startsIt),
    list(found.parent));
}

function staff(found) {
  return found.staff.length > 0 && section(TEXTS.staffDid, list(found.staff));
}

function spoke(found) {
  return section(TEXTS.spoke, el("p", {}, found.silent ? TEXTS.kept(found.silent) : TEXTS.spokeDone));
}

function list(items) {
  return items.length > 0 && el("ul", { class: "reasons" }, items.map((item) => el("li", { dir: "auto" }, item)));
}

function languageName(code) {
  try {
    return NAMES.of(code) ?? code;
  } catch {
    return code || TEXTS.unknown;
  }
}

function fact(label, value) {
  return el("div", { class: "fact" }, el("dt", {}, label), el("dd", { dir: "auto" }, value));
}

function section(title, ...inner) {
  return el("section", { class: "finding" }, el("h3", {}, title), ...inner);
}
