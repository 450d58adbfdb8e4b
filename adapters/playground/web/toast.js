// Short notices of what went wrong; they stay long enough to be read.

import { el } from "./dom.js";
import { TEXTS } from "./texts.js";

const STAYS = 7000;

/** Show a notice. */
export function toast(text) {
  const notice = el("div", { class: "toast" }, el("p", { dir: "auto" }, text),
    el("button", { class: "button quiet square", type: "button", "aria-label": TEXTS.close, onclick: () => notice.remove() }, "×"));
  const toasts = document.querySelector("#toasts");
  toasts.append(notice);
  while (toasts.children.length > 3) toasts.firstChild.remove();
  setTimeout(() => notice.remove(), STAYS);
}
