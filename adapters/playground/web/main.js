// Puts the page together once the first snapshot is there.

import { Channel } from "./channel.js";
import { connect } from "./connection.js";
import { el } from "./dom.js";
import { startHeader } from "./header.js";
import { understoodPanel } from "./panel.js";
import { store } from "./store.js";
import { tabs } from "./tabs.js";
import { TEXTS } from "./texts.js";

const board = document.querySelector("#board");
const FIRST = { community: "anna", "support-forum": "chiara", staff: "sam", "product-team": "petra" };

startHeader();
store.addEventListener("snapshot", build, { once: true });
connect();

function build() {
  const marks = [];
  const unread = (key, isUnread) => marks.forEach((mark) => mark(key, isUnread));
  const rooms = store.rooms.map((room) => roomSection(room, unread));
  const panel = sidePanel();
  board.append(...rooms.map(({ section }) => section), panel);
  marks.push(tabs(document.querySelector("#tabs"), [
    ...rooms.map(({ room, section }) => ({ key: room.id, label: `#${room.name}`, panel: section })),
    { key: "panel", label: TEXTS.panel, panel },
  ], (key) => rooms.find(({ room }) => room.id === key)?.channel.toEnd()));
  marks.push((key, isUnread) => { board.querySelector(`#room-${key} .dot`)?.toggleAttribute("hidden", !isUnread); });
  for (const { channel } of rooms) channel.rebuild();
  addEventListener("hashchange", () => goTo(location.hash));
}

function roomSection(room, unread) {
  const isInternal = room.audience === "internal";
  const channel = new Channel(room.id, () => room, {
    people: () => [...store.people.values()].filter((person) => !isInternal || person.role !== "customer"),
    first: FIRST[room.id], empty: TEXTS.emptyChannel, onunread: (isUnread) => unread(room.id, isUnread),
    placeholder: room.layout === "forum" ? TEXTS.placeholderForum : TEXTS.placeholder(room.name),
  });
  const section = el("section", { class: `channel ${room.layout} ${room.audience}`, id: `room-${room.id}`, "aria-labelledby": `name-${room.id}` },
    el("header", { class: "channel-head" },
      el("h2", { id: `name-${room.id}` }, `#${room.name}`), el("span", { class: `audience ${room.audience}` }, room.audience),
      el("span", { class: "dot", hidden: true }), el("p", { class: "topic" }, room.topic)),
    channel.element);
  return { room, section, channel };
}

function sidePanel() {
  const understood = el("div", { id: "panel-understood", role: "tabpanel", class: "side", "aria-labelledby": "tab-understood" }, understoodPanel());
  let direct = null;
  let mark = null;
  const onunread = (isUnread) => mark?.("direct", isUnread);
  direct = new Channel("direct messages", () => ({ id: `direct-${direct?.composer?.speaker ?? "anna"}` }), {
    people: () => [...store.people.values()], first: "anna", empty: TEXTS.emptyDirect, placeholder: TEXTS.placeholderDirect, onunread,
  });
  const talk = el("div", { id: "panel-direct", role: "tabpanel", class: "side", "aria-labelledby": "tab-direct" }, direct.element);
  const list = el("div", { class: "side-tabs", role: "tablist", "aria-label": TEXTS.panel });
  const panel = el("aside", { class: "panel", id: "panel", "aria-label": TEXTS.panel }, list, understood, talk);
  mark = tabs(list, [
    { key: "understood", label: TEXTS.understoodTab, panel: understood }, { key: "direct", label: TEXTS.direct, panel: talk },
  ], (key) => key === "direct" && direct.toEnd());
  direct.rebuild();
  store.addEventListener("selected", ({ detail }) => {
    if (detail.now) list.querySelector("#tab-understood").click();
    if (detail.opens) document.querySelector("#tab-panel").click();
  });
  return panel;
}

function goTo(hash) {
  const [, channel, id] = /^#([\w-]+)\/(\w+)$/.exec(hash) ?? [];
  if (!id) return;
  document.querySelector(`#tab-${CSS.escape(channel)}`)?.click();
  const element = document.getElementById(id);
  element?.scrollIntoView({ block: "center" });
  element?.focus({ preventScroll: true });
  if (store.messages.has(id)) store.select(id);
  history.replaceState(null, "", location.pathname);
}
