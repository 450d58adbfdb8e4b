// A menu in what the bot says. Only the button beside it sends: who walks through a list by keyboard chooses nothing yet.

import { ask } from "./connection.js";
import { el } from "./dom.js";
import { store } from "./store.js";
import { TEXTS } from "./texts.js";

const LINES = 6;
const drafts = new Map();

/** The element of a menu; `speaker` tells who would choose, `about` is the id of what says what it is for, if anything. */
export function menuBlock(block, message, speaker, about) {
  const key = `${message.id}-${block.custom_id}`;
  const isMany = block.most > 1;
  const chosen = drafts.get(key) ?? block.selected;
  const rooms = block.choices === "channels" ? store.rooms : [];
  const option = (value, label) => el("option", { value, selected: chosen.includes(value) }, label);
  const select = el("select", {
    id: key, multiple: isMany, size: isMany && Math.min(LINES, rooms.length), "data-key": block.custom_id,
    "aria-label": !isMany && block.label, "aria-describedby": about, onchange: () => drafts.set(key, selected(select)),
  }, !isMany && el("option", { value: "" }, block.label), rooms.map((room) => option(room.id, `#${room.name}`)));
  return el("div", { class: "choosing" },
    isMany && el("label", { for: key }, block.label, el("span", { class: "hint-line" }, TEXTS.several)),
    select,
    el("button", {
      class: "button", type: "button", "data-key": `choose-${block.custom_id}`, "aria-describedby": about,
      onclick: () => choose(select, key, block, message, speaker()),
    }, TEXTS.choose));
}

function selected(select) {
  return [...select.selectedOptions].map((option) => option.value).filter(Boolean);
}

async function choose(select, key, block, message, by) {
  const answer = await ask({ type: "choose", by, message: message.id, custom_id: block.custom_id, selected: selected(select) });
  if (answer) drafts.delete(key);
}
