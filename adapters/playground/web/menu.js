// Small windows beside a button: a menu of things to do, or a grid of emoji. All by keyboard.

import { el } from "./dom.js";
import { EMOJI } from "./emoji.js";

let open = null;

/** Offer `items` ({label, act, danger}) beside `anchor`. */
export function menu(anchor, label, items) {
  show(anchor, el("div", { class: "menu", role: "menu", "aria-label": label }, items.map((item) => el("button", {
    class: `menu-item ${item.danger ? "danger" : ""}`, type: "button", role: "menuitem", tabIndex: -1,
    onclick: () => { close(); item.act(); },
  }, item.label))), 1);
}

/** Offer emoji; `choose` is given the name of the one taken. */
export function emojiMenu(anchor, label, choose) {
  show(anchor, el("div", { class: "menu emoji-grid", role: "menu", "aria-label": label },
    Object.entries(EMOJI).map(([name, sign]) => el("button", {
      class: "emoji", type: "button", role: "menuitem", tabIndex: -1, title: name, "aria-label": name.replaceAll("_", " "),
      onclick: () => { close(); choose(name); },
    }, sign))), 8);
}

/** Close what is open. */
export function close() {
  if (!open) return;
  const { element, anchor } = open;
  open = null;
  element.remove();
  anchor.setAttribute("aria-expanded", "false");
  if (document.activeElement === document.body) anchor.focus();
}

function show(anchor, element, columns) {
  close();
  document.body.append(element);
  anchor.setAttribute("aria-expanded", "true");
  open = { element, anchor };
  place(anchor, element);
  element.addEventListener("keydown", (event) => move(event, element, columns));
  element.firstElementChild?.focus();
}

function place(anchor, element) {
  const at = anchor.getBoundingClientRect();
  const { width, height } = element.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.right - width, innerWidth - width - 8));
  const top = at.bottom + height + 8 < innerHeight ? at.bottom + 4 : Math.max(8, at.top - height - 4);
  element.style.setProperty("left", `${left}px`);
  element.style.setProperty("top", `${top}px`);
}

function move(event, element, columns) {
  const items = [...element.children];
  const now = items.indexOf(document.activeElement);
  const steps = { ArrowDown: columns, ArrowUp: -columns, ArrowRight: 1, ArrowLeft: -1, Tab: event.shiftKey ? -1 : 1 };
  if (event.key === "Escape") {
    const { anchor } = open;
    close();
    anchor.focus();
  } else if (event.key in steps) items[(now + steps[event.key] + items.length) % items.length].focus();
  else if (event.key === "Home") items[0].focus();
  else if (event.key === "End") items.at(-1).focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

document.addEventListener("pointerdown", (event) => {
  if (open && !open.element.contains(event.target) && !open.anchor.contains(event.target)) close();
});
