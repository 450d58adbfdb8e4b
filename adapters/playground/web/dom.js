// Builds elements. Text is only ever set as text, so that nothing anybody writes can become markup.

/** An element with properties (`class`, `data-…`, `aria-…`, `on…`, DOM properties) and children. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name.includes("-") || ["role", "for", "dir", "href", "list"].includes(name)) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Replaces what is in `parent`. */
export function fill(parent, ...children) {
  parent.replaceChildren(...children.flat().filter(Boolean));
}

/** The letters that stand for a person. */
export function initials(name) {
  const words = name.trim().split(/\s+/);
  const first = [...(words[0] ?? "?")][0] ?? "?";
  const last = words.length > 1 ? [...words.at(-1)][0] : "";
  return (first + last).toUpperCase();
}

/** A round picture of a person: initials on one of eight colours. */
export function avatar(person, isBot = false) {
  return el("span", { class: `avatar ${isBot ? "bot" : `hue-${(person.hue ?? 0) % 8}`}`, "aria-hidden": "true" },
    isBot ? "P" : initials(person.name));
}

/** The time of day as people read it, with the whole date as its title. */
export function time(iso) {
  const moment = new Date(iso);
  const text = moment.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
  return el("time", { dateTime: iso, title: `${moment.toUTCString().replace("GMT", "UTC")}` }, text);
}

/** The beginning of what a message says. */
export function short(message) {
  const text = message.text || message.blocks.find((block) => block.text)?.text || "";
  const line = [...text.trim().split("\n")[0]];
  return line.length > 48 ? `${line.slice(0, 47).join("")}…` : line.join("");
}
