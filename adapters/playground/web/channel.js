// One channel: its messages as they come, who speaks there, and where they write.

import { Composer } from "./composer.js";
import { el, fill } from "./dom.js";
import { isWaiting, messageElement } from "./message.js";
import { store } from "./store.js";
import { TEXTS } from "./texts.js";

const NEAR = 90;

export class Channel {
  #unread = false;

  /** `room`: where, may change with who speaks (direct messages); `onunread`: told when something new is there. */
  constructor(key, room, { people, first, placeholder, empty, onunread }) {
    Object.assign(this, { key, room, empty, onunread });
    this.list = el("ol", { class: "messages", role: "log", tabIndex: 0, "aria-label": `Messages in ${key}` });
    this.pill = el("button", { class: "new-messages", type: "button", hidden: true, onclick: () => this.toEnd() }, TEXTS.newMessages);
    this.composer = new Composer({ room, people, first, placeholder, onspeaker: () => this.rebuild() });
    this.element = el("div", { class: "talk" }, this.list, this.pill, this.composer.element);
    this.list.addEventListener("keydown", (event) => this.#key(event));
    this.list.addEventListener("click", (event) => this.#clicked(event));
    this.list.addEventListener("scroll", () => this.#isAtEnd() && this.#seen());
    store.addEventListener("snapshot", () => this.rebuild());
    store.addEventListener("people", () => this.composer.refreshPeople());
    store.addEventListener("message", ({ detail }) => this.#take(detail));
    store.addEventListener("understood", ({ detail }) => { this.#renew(detail); this.#mark(); });
    store.addEventListener("selected", () => this.#mark());
    store.addEventListener("delivery", () => this.#markWaiting());
  }

  /** Show everything anew. */
  rebuild() {
    if (!this.composer) return;
    fill(this.list);
    for (const message of store.messages.values()) if (this.#isHere(message)) this.#place(message);
    if (!this.list.firstChild) fill(this.list, el("li", { class: "empty" }, this.empty));
    this.#mark();
    this.#markWaiting();
    this.toEnd();
  }

  toEnd() {
    this.list.scrollTop = this.list.scrollHeight;
    this.#seen();
  }

  #isHere(message) {
    return message.channel === this.room().id && (!message.to || message.to === this.composer.speaker);
  }

  #take({ message, isNew }) {
    if (!this.#isHere(message)) return;
    if (!isNew) {
      this.#renew(message.id, message.author === store.bot ? "changed" : "");
      return;
    }
    const wasAtEnd = this.#isAtEnd();
    this.list.querySelector(".empty")?.remove();
    this.#place(message).classList.add("fresh");
    if (wasAtEnd || message.author === this.composer.speaker) this.toEnd();
    else this.pill.hidden = false;
    if (!wasAtEnd || !this.element.checkVisibility()) this.#tell(true);
    if (!this.element.checkVisibility()) this.#tell(true);
  }

  #place(message) {
    const element = messageElement(message, this.composer);
    const root = message.thread && this.list.querySelector(`#${CSS.escape(message.thread)} > .thread`);
    (root || this.list).append(element);
    return element;
  }

  #renew(id, mark = "") {
    const old = this.list.querySelector(`#${CSS.escape(id)}`);
    const message = store.messages.get(id);
    if (!old || !message) return;
    const wasAtEnd = this.#isAtEnd();
    const focused = old.contains(document.activeElement) ? document.activeElement.dataset.key ?? "" : null;
    const renewed = messageElement(message, this.composer);
    renewed.querySelector(".thread").append(...old.querySelector(".thread").children);
    if (mark) renewed.classList.add(mark);
    old.replaceWith(renewed);
    if (focused !== null) (renewed.querySelector(`[data-key="${CSS.escape(focused)}"]`) ?? renewed).focus({ preventScroll: true });
    this.#mark();
    if (mark) renewed.scrollIntoView({ block: "nearest" });
    else if (wasAtEnd) this.toEnd();
  }

  #mark() {
    const conversation = store.conversation();
    for (const element of this.list.querySelectorAll(".message")) {
      element.classList.toggle("selected", element.id === store.selected);
      element.classList.toggle("in-conversation", conversation.has(element.id));
      if (element.id === store.selected) element.setAttribute("aria-current", "true");
      else element.removeAttribute("aria-current");
    }
  }

  #markWaiting() {
    for (const element of this.list.querySelectorAll(".message")) {
      const message = store.messages.get(element.id);
      if (message) element.querySelector(".not-kept").hidden = !isWaiting(message);
    }
  }

  #isAtEnd() {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < NEAR;
  }

  #seen() {
    this.pill.hidden = true;
    if (this.element.checkVisibility()) this.#tell(false);
  }

  #tell(isUnread) {
    if (this.#unread === isUnread) return;
    this.#unread = isUnread;
    this.onunread?.(isUnread);
  }

  #clicked(event) {
    if (event.target.closest("button, a, label, select, textarea") || getSelection().toString()) return;
    const message = event.target.closest(".message");
    if (message) store.select(message.id === store.selected ? null : message.id);
  }

  #key(event) {
    if (event.target.closest("select")) return;
    const all = [...this.list.querySelectorAll(".message")];
    const now = all.indexOf(document.activeElement.closest(".message"));
    const onMessage = document.activeElement.matches(".message, .messages");
    const to = { ArrowDown: now + 1, ArrowUp: now < 0 ? all.length - 1 : now - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined && all[to]) all[to].focus();
    else if ((event.key === "Enter" || event.key === " ") && onMessage && now >= 0) store.select(all[now].id);
    else return;
    event.preventDefault();
  }
}
