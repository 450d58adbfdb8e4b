// What the bot says: blocks from top to bottom.

import { menuBlock } from "./choosing.js";
import { ask } from "./connection.js";
import { el } from "./dom.js";
import { named } from "./emoji.js";
import { openForm } from "./form.js";
import { TEXTS } from "./texts.js";

/** The elements of a message's blocks; `speaker` tells who would press. */
export function blocks(message, speaker) {
  return message.blocks.map((block, index) => block_of(block, message, speaker, index));
}

/** Whether it is a card: something to act on. */
export function isCard(message) {
  return message.blocks.some((block) => block.type === "heading" || block.type === "buttons");
}

function block_of(block, message, speaker, index) {
  switch (block.type) {
    case "heading": return el("h4", { class: "block-heading", dir: "auto" }, block.text);
    case "paragraph": return el("p", { class: "text", dir: "auto", id: place(message, index) }, named(block.text));
    case "quote": return quote(block);
    case "facts": return el("dl", { class: "facts" }, block.facts.map(([label, value]) => el("div", { class: "fact" },
      el("dt", { dir: "auto" }, label), el("dd", { dir: "auto" }, named(value)))));
    case "buttons": return el("div", { class: "buttons" }, block.buttons.map((button) => el("button", {
      class: `button ${button.emphasis}`, type: "button", "data-key": button.custom_id,
      onclick: (event) => press(event.currentTarget, button, message, speaker()),
    }, button.label)));
    case "menu": return menuBlock(block, message, speaker, message.blocks[index - 1]?.type === "paragraph" && place(message, index - 1));
    case "picture": return pictureBlock(block);
    case "document": return el("a", { href: `data:${block.kind};base64,${block.content}`, download: block.name }, block.name);
    default: return el("p", {}, JSON.stringify(block));
  }
}

/** A picture, and a way to see it as large as it was drawn. */
function pictureBlock(block) {
  const drawn = (name) => el("img", { class: name, src: `data:image/png;base64,${block.png}`, alt: block.alt });
  return el("div", {}, drawn("picture"), el("button", {
    class: "enlarge", type: "button", onclick: () => {
      const dialog = el("dialog", { class: "enlarged", "aria-label": TEXTS.enlarged, onclick: () => dialog.close() },
        el("button", { class: "button", type: "button" }, TEXTS.close), drawn("large"));
      dialog.addEventListener("close", () => dialog.remove());
      document.body.append(dialog);
      dialog.showModal();
    },
  }, TEXTS.enlarge));
}

/** The id of a block's element. */
function place(message, index) {
  return `${message.id}-block-${index}`;
}

function quote(block) {
  const source = isAddress(block.link) ? el("a", { href: block.link, rel: "noreferrer noopener", ...outside(block.link) }, block.author) : block.author;
  return el("figure", { class: "quote" },
    el("blockquote", { dir: "auto" }, block.text), el("figcaption", { dir: "auto" }, source));
}

function isAddress(link) {
  return /^(#|https?:\/\/)/.test(link ?? "");
}

function outside(link) {
  return link.startsWith("#") ? {} : { target: "_blank" };
}

async function press(element, button, message, by) {
  element.disabled = true;
  const answer = await ask({ type: "press", by, message: message.id, custom_id: button.custom_id });
  element.disabled = false;
  if (answer?.form) openForm(answer.form, by, message.channel);
}
