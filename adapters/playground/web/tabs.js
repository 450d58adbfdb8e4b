// Tabs, by the book: arrow keys move, the chosen one shows its panel.

import { el } from "./dom.js";

/** Fill `list` (a tablist) with tabs ({key, label, panel}); returns `mark(key, isUnread)`. Calls `onchoose` with a key. */
export function tabs(list, items, onchoose) {
  const buttons = new Map(items.map((item) => [item.key, el("button", {
    class: "tab", type: "button", role: "tab", id: `tab-${item.key}`, "aria-controls": item.panel.id,
    onclick: () => choose(item.key),
  }, item.label, el("span", { class: "unread", hidden: true }, el("span", { class: "hidden-text" }, "unread")))]));
  const choose = (key) => {
    for (const [name, button] of buttons) {
      button.setAttribute("aria-selected", String(name === key));
      button.tabIndex = name === key ? 0 : -1;
    }
    for (const { key: name, panel } of items) panel.classList.toggle("shown", name === key);
    onchoose?.(key);
  };
  list.append(...buttons.values());
  list.addEventListener("keydown", (event) => {
    const all = [...buttons.values()];
    const now = all.indexOf(document.activeElement);
    const to = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined || now < 0) return;
    const next = all.at(to % all.length);
    next.focus();
    next.click();
    event.preventDefault();
  });
  choose(items[0].key);
  return (key, isUnread) => { buttons.get(key).querySelector(".unread").hidden = !isUnread; };
}
