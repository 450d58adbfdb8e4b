// The WebSocket: comes back by itself, and pairs what the page asks with what the server answers.

import { store } from "./store.js";
import { TEXTS } from "./texts.js";
import { toast } from "./toast.js";

const PAUSES = [300, 700, 1500, 3000, 5000];
const asked = new Map();
let socket = null;
let number = 0;
let tries = 0;

/** Open, and keep open. */
export function connect() {
  socket = new WebSocket(`ws://${location.host}/live`);
  socket.addEventListener("open", () => { tries = 0; show("live", TEXTS.connected); });
  socket.addEventListener("message", (event) => take(JSON.parse(event.data)));
  socket.addEventListener("close", closed);
}

/** Ask the server; answers with its answer, or with null after telling why not. */
export async function ask(frame) {
  const id = ++number;
  if (socket?.readyState !== WebSocket.OPEN) {
    toast(TEXTS.lost);
    return null;
  }
  socket.send(JSON.stringify({ ...sound(frame), id }));
  const answer = await new Promise((resolve) => asked.set(id, resolve));
  if (answer.type === "refused") {
    toast(answer.text);
    return null;
  }
  return answer;
}

function take(push) {
  if (push.type === "refused" && push.id === null) toast(push.text);
  else if (push.type === "answer" || push.type === "refused") {
    asked.get(push.id)?.(push);
    asked.delete(push.id);
  } else store.take(push);
}

function closed() {
  for (const [id, resolve] of asked) resolve({ type: "refused", id, text: TEXTS.lost });
  asked.clear();
  show("lost", tries > PAUSES.length ? TEXTS.moved : TEXTS.lost);
  setTimeout(connect, PAUSES[Math.min(tries++, PAUSES.length - 1)]);
}

function show(state, text) {
  const sign = document.querySelector("#connection");
  sign.dataset.state = state;
  sign.textContent = text;
}

/** Halves of characters can't be sent: they are replaced. */
function sound(value) {
  if (typeof value === "string") return value.toWellFormed?.() ?? value;
  if (Array.isArray(value)) return value.map(sound);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [sound(key), sound(inner)]));
}
