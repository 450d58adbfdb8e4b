// What the page knows: kept as the server tells it, and told on to whoever listens.

class Store extends EventTarget {
  bot = "";
  rooms = [];
  people = new Map();
  commands = {};
  messages = new Map();
  understood = new Map();
  delivery = { delivered: 0, trouble: null };
  clock = { now: new Date().toISOString(), ahead: 0 };
  tour = { state: "waiting", step: 0, steps: 0, caption: "" };
  selected = null;

  /** Take in what the server pushed. */
  take(push) {
    switch (push.type) {
      case "snapshot": return this.#start(push);
      case "message": return this.#message(push.message);
      case "person":
        this.people.set(push.person.account, { ...push.person, hue: this.people.size });
        return this.#tell("people");
      case "understood":
        this.understood.set(push.message, push);
        return this.#tell("understood", push.message);
      case "delivery": case "clock": case "tour":
        this[push.type] = push;
        return this.#tell(push.type);
      default:
        return undefined;
    }
  }

  /** Select a message, or nothing; `opens`: the panel shall be seen, also where it is a tab. */
  select(id, { opens = false } = {}) {
    this.selected = id;
    this.#tell("selected", { now: id, opens });
  }

  /** A person; the bot counts as one. */
  person(account) {
    if (account === this.bot) return { account, name: "Parley", role: "bot", work: "" };
    return this.people.get(account) ?? { account, name: account, role: "customer", work: "" };
  }

  /** The messages of the selected message's conversation. */
  conversation() {
    const chosen = this.understood.get(this.selected);
    if (!chosen?.conversation) return new Set();
    const same = [...this.understood.values()].filter((one) => one.conversation === chosen.conversation);
    return new Set(same.map((one) => one.message));
  }

  /** The commands a person may use. */
  commandsOf(account) {
    return this.commands[this.person(account).role] ?? [];
  }

  #start(push) {
    this.bot = push.bot;
    this.rooms = push.rooms;
    this.commands = push.commands;
    this.people = new Map(push.people.map((person, hue) => [person.account, { ...person, hue }]));
    this.messages = new Map(push.messages.map((message) => [message.id, message]));
    this.understood = new Map(push.understood.map((one) => [one.message, one]));
    for (const name of ["delivery", "clock", "tour"]) this[name] = push[name];
    if (!this.messages.has(this.selected)) this.selected = null;
    for (const name of ["snapshot", "people", "delivery", "clock", "tour"]) this.#tell(name);
  }

  #message(message) {
    const isNew = !this.messages.has(message.id);
    this.messages.set(message.id, message);
    this.#tell("message", { message, isNew });
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

export const store = new Store();
