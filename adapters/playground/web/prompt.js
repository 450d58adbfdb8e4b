// The prompt above a composer: what can follow what was typed after the "/". A combobox, all by keyboard.

import { ask } from "./connection.js";
import { el, fill, short } from "./dom.js";
import { isComplete, missing, parse } from "./grammar.js";
import { store } from "./store.js";
import { TEXTS } from "./texts.js";

const OFFERED = 8;
let count = 0;

/** Attach a prompt to `input`; `speaker` tells who types, `given` which options are set already. */
export class Prompt {
  #items = [];
  #active = -1;
  #round = 0;

  constructor(input, speaker, given) {
    Object.assign(this, { input, speaker, given });
    const id = `prompt-${++count}`;
    this.usage = el("p", { class: "prompt-usage", hidden: true });
    this.list = el("ul", { id, class: "prompt-list", role: "listbox", "aria-label": TEXTS.usage });
    this.element = el("div", { class: "prompt", hidden: true }, this.usage, this.list);
    this.id = id;
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id };
    for (const [name, value] of Object.entries(roles)) input.setAttribute(name, value);
    input.addEventListener("input", () => this.refresh());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => setTimeout(() => this.hide(), 150));
    input.addEventListener("focus", () => this.refresh());
  }

  get parsed() {
    return parse(this.input.value, store.commandsOf(this.speaker()));
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** What is being typed is a command. */
  get isCommand() {
    return this.input.value.startsWith("/");
  }

  /** The command as it would be sent, or null with a word on what is missing. */
  command() {
    const parsed = this.parsed;
    if (!isComplete(parsed, this.given())) {
      this.#say(parsed);
      return null;
    }
    return { noun: parsed.command.noun, verb: parsed.verb.name, options: { ...this.given(), ...parsed.options } };
  }

  hide() {
    this.element.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  async refresh() {
    if (!this.isCommand || document.activeElement !== this.input) return this.hide();
    const round = ++this.#round;
    const parsed = this.parsed;
    const items = await this.#offers(parsed);
    if (round !== this.#round) return undefined;
    this.#items = items;
    this.#say(parsed);
    this.#activate(isComplete(parsed, this.given()) || parsed.option ? -1 : 0);
    this.element.hidden = items.length === 0 && this.usage.hidden;
    this.input.setAttribute("aria-expanded", String(this.isOpen));
    return undefined;
  }

  async #offers(parsed) {
    const fits = (name) => name.startsWith(parsed.typed.toLowerCase());
    if (parsed.stage === "noun") {
      return store.commandsOf(this.speaker()).filter((one) => fits(one.noun))
        .map((one) => ({ text: `/${one.noun}`, help: one.help, put: `${one.noun} ` }));
    }
    if (parsed.stage === "verb") {
      return parsed.command.verbs.filter((one) => fits(one.name))
        .map((one) => ({ text: one.name, help: one.help, put: `${one.name} ` }));
    }
    if (parsed.stage !== "options") return [];
    return parsed.option ? this.#values(parsed) : this.#names(parsed);
  }

  #names(parsed) {
    const taken = { ...this.given(), ...parsed.options };
    return parsed.verb.options.filter((one) => !(one.name in taken)).map((one) => ({
      text: `${one.name}:`, help: one.required ? `${one.help} (${TEXTS.required})` : one.help, put: `${one.name}: `,
    }));
  }

  async #values(parsed) {
    const option = parsed.verb.options.find((one) => one.name === parsed.option);
    if (option.type === "message") return messages(parsed.typed.trim());
    const choices = option.choices.length > 0
      ? option.choices.filter((one) => one.startsWith(parsed.typed.trim())).map((value) => ({ value, label: value }))
      : (await ask({
        type: "complete", by: this.speaker(), noun: parsed.command.noun, verb: parsed.verb.name, option: option.name,
        typed: parsed.typed.trim(),
      }))?.choices ?? [];
    return choices.map((one) => ({ text: one.label, help: one.value === one.label ? "" : one.value, put: `${one.value} ` }));
  }

  #say(parsed) {
    const needed = parsed.verb ? missing(parsed, this.given()) : [];
    const words = parsed.verb && parsed.stage === "options"
      ? [`/${parsed.command.noun} ${parsed.verb.name}`, parsed.verb.help, needed.length > 0 && `${needed.join(", ")}: ${TEXTS.required}`]
      : [parsed.stage === "unknown" || this.#items.length === 0 ? TEXTS.noMatches : ""];
    this.usage.textContent = words.filter(Boolean).join(" · ");
    this.usage.hidden = !this.usage.textContent;
    fill(this.list, this.#items.map((item, index) => el("li", {
      id: `${this.id}-${index}`, class: "prompt-item", role: "option", "aria-selected": "false",
      onpointerdown: (event) => { event.preventDefault(); this.#pick(index); },
    }, el("span", { class: "prompt-text", dir: "auto" }, item.text), el("span", { class: "prompt-help", dir: "auto" }, item.help))));
  }

  #activate(index) {
    this.#active = this.#items.length === 0 ? -1 : index;
    [...this.list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
    const active = this.list.children[this.#active];
    if (active) this.input.setAttribute("aria-activedescendant", active.id);
    else this.input.removeAttribute("aria-activedescendant");
    active?.scrollIntoView({ block: "nearest" });
  }

  #pick(index) {
    const { at } = this.parsed;
    this.input.setRangeText(this.#items[index].put, at, this.input.value.length, "end");
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #key(event) {
    if (!this.isOpen || event.isComposing) return;
    const last = this.#items.length - 1;
    if (event.key === "ArrowDown") this.#activate(this.#active >= last ? 0 : this.#active + 1);
    else if (event.key === "ArrowUp") this.#activate(this.#active <= 0 ? last : this.#active - 1);
    else if (event.key === "Escape") this.hide();
    else if (event.key === "Tab" && !event.shiftKey && last >= 0) this.#pick(Math.max(this.#active, 0));
    else if (event.key === "Enter" && this.#active >= 0) this.#pick(this.#active);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}

/** The latest messages of people that say what was typed, newest first. */
function messages(typed) {
  const wanted = typed.toLowerCase();
  return [...store.messages.values()].reverse()
    .filter((one) => one.author !== store.bot && !one.deleted_at)
    .map((one) => ({ address: `#${one.channel}/${one.id}`, text: short(one), help: `${store.person(one.author).name}, #${one.channel}` }))
    .filter(({ address, text, help }) => `${address} ${text} ${help}`.toLowerCase().includes(wanted))
    .slice(0, OFFERED).map(({ address, text, help }) => ({ text, help, put: `${address} ` }));
}
