// Where people write: who speaks, what it is about, the text, and the prompt for commands.

import { ask } from "./connection.js";
import { avatar, el, fill, short } from "./dom.js";
import { askName, openForm } from "./form.js";
import { Prompt } from "./prompt.js";
import { store } from "./store.js";
import { TEXTS } from "./texts.js";

const NEW = "+";
let count = 0;

export class Composer {
  #about = null;

  /** `room()`: where it writes to; `people()`: who may write there; `onspeaker`: told when somebody else speaks. */
  constructor({ room, people, first, placeholder, onspeaker }) {
    Object.assign(this, { room, people, placeholder, onspeaker, speaker: first });
    const id = `composer-${++count}`;
    this.face = el("span", { class: "face" });
    this.select = el("select", { "aria-label": TEXTS.speakAs, onchange: () => this.#chosen() });
    this.input = el("textarea", { id, rows: 1, dir: "auto", "aria-label": placeholder, placeholder, maxLength: 40000 });
    this.context = el("div", { class: "context", hidden: true });
    this.sendButton = el("button", { class: "button primary", type: "submit" }, TEXTS.send);
    this.prompt = new Prompt(this.input, () => this.speaker, () => this.#given());
    this.element = el("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); this.#send(); } },
      this.prompt.element, this.context, el("div", { class: "speaker" }, this.face, this.select),
      el("div", { class: "writing" }, this.input, this.sendButton));
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("input", () => this.#typed());
    this.refreshPeople();
  }

  reply(message) {
    this.#set({ kind: "reply", message, text: TEXTS.replyingTo(store.person(message.author).name) });
  }

  thread(message) {
    const root = message.thread ? store.messages.get(message.thread) ?? message : message;
    this.#set({ kind: "thread", message: root, text: TEXTS.inThread(short(root)) });
  }

  edit(message) {
    this.#set({ kind: "edit", message, text: TEXTS.editing });
    this.input.value = message.text;
    this.#grow();
  }

  /** Begin the command of a message's menu. */
  command(message, noun, verb) {
    this.#set({ kind: "command", message, text: TEXTS.commandOn(short(message)), noun, verb });
    const open = verb.options.filter((one) => one.type !== "message");
    this.input.value = `/${noun} ${verb.name} `;
    if (open.every((one) => !one.required)) this.#send();
    else this.prompt.refresh();
  }

  refreshPeople() {
    const people = this.people();
    if (!people.some((person) => person.account === this.speaker)) this.speaker = people[0]?.account ?? "";
    const groups = Object.entries(TEXTS.groups).map(([role, label]) => {
      const members = people.filter((person) => person.role === role);
      return members.length > 0 && el("optgroup", { label }, members.map((person) => el("option", { value: person.account },
        person.work ? `${person.name} · ${person.work}` : person.name)));
    });
    const hasCustomers = people.some((person) => person.role === "customer");
    fill(this.select, groups, hasCustomers && el("option", { value: NEW }, TEXTS.somebodyNew));
    this.speakAs(this.speaker);
  }

  speakAs(account) {
    this.speaker = account;
    this.select.value = account;
    fill(this.face, avatar(store.person(account)));
    this.onspeaker?.();
  }

  #chosen() {
    if (this.select.value !== NEW) return this.speakAs(this.select.value);
    this.select.value = this.speaker;
    return askName((account) => this.speakAs(account));
  }

  #set(about) {
    this.#about = about;
    fill(this.context, el("span", { dir: "auto" }, about.text), el("button", {
      class: "button quiet square", type: "button", "aria-label": TEXTS.cancel, onclick: () => { this.#clear(); this.input.focus(); },
    }, "×"));
    this.context.hidden = false;
    this.sendButton.textContent = about.kind === "edit" ? TEXTS.save : TEXTS.send;
    this.input.focus();
  }

  #clear() {
    const wasEdit = this.#about?.kind === "edit" || this.#about?.kind === "command";
    this.#about = null;
    this.context.hidden = true;
    this.sendButton.textContent = TEXTS.send;
    if (wasEdit) this.input.value = "";
    this.prompt.hide();
    this.#grow();
  }

  #given() {
    if (this.#about?.kind !== "command") return {};
    const option = this.#about.verb.options.find((one) => one.type === "message");
    return option ? { [option.name]: `#${this.#about.message.channel}/${this.#about.message.id}` } : {};
  }

  async #send() {
    const frame = this.#frame();
    if (!frame) return;
    const text = this.input.value;
    this.input.value = "";
    this.#grow();
    this.input.focus();
    const answer = await ask(frame);
    if (!answer) this.input.value ||= text;
    else if (this.#about?.kind !== "thread") this.#clear();
    if (answer?.form) openForm(answer.form, frame.by, frame.channel);
    this.prompt.hide();
    this.#grow();
  }

  #frame() {
    const about = this.#about;
    const where = { by: this.speaker, channel: this.room().id };
    if (!this.input.value.trim()) return null;
    if (about?.kind === "edit") return { type: "change", by: this.speaker, message: about.message.id, text: this.input.value };
    if (this.prompt.isCommand) {
      const command = this.prompt.command();
      return command && { type: "command", ...where, ...command, message: about?.kind === "command" ? about.message.id : null };
    }
    const thread = about?.kind === "thread" ? about.message.id : about?.kind === "reply" ? about.message.thread : null;
    return { type: "say", ...where, text: this.input.value, thread, reply_to: about?.kind === "reply" ? about.message.id : null };
  }

  #key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#send();
    } else if (event.key === "Escape" && this.#about) this.#clear();
  }

  #typed() {
    this.#grow();
    if (this.input.value && store.tour.state === "playing") ask({ type: "tour", do: "pause" });
  }

  #grow() {
    this.input.style.setProperty("height", "auto");
    this.input.style.setProperty("height", `${Math.min(this.input.scrollHeight, 160)}px`);
  }
}
