// The bar on top: the clock, light or dark, the tour, and whether anything is wrong.

import { ask } from "./connection.js";
import { store } from "./store.js";
import { TEXTS } from "./texts.js";

const CAPTIONS = { waiting: TEXTS.tourWaiting, finished: TEXTS.tourFinished };

/** Bring the bar to life. */
export function startHeader() {
  startClock();
  startTheme();
  startTour();
  store.addEventListener("delivery", () => {
    const trouble = document.querySelector("#trouble");
    trouble.hidden = !store.delivery.trouble;
    trouble.textContent = store.delivery.trouble ? TEXTS.trouble(store.delivery.trouble) : "";
  });
}

function startClock() {
  let difference = 0;
  const face = document.querySelector("#clock");
  const show = () => {
    const now = new Date(Date.now() + difference);
    face.dateTime = now.toISOString();
    face.textContent = `${now.toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" })}, ${
      now.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" })} UTC`;
  };
  store.addEventListener("clock", () => { difference = new Date(store.clock.now) - Date.now(); show(); });
  setInterval(show, 1000);
  document.querySelector("#monday").addEventListener("click", () => ask({ type: "move_clock" }));
}

function startTheme() {
  const root = document.documentElement;
  const kept = localStorage.getItem("theme");
  if (kept) root.dataset.theme = kept;
  document.querySelector("#theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    localStorage.setItem("theme", root.dataset.theme);
  });
}

function startTour() {
  const [section, caption, toggle, restart, progress] = ["#tour", "#tour-caption", "#tour-toggle", "#tour-restart", "#tour-progress"]
    .map((name) => document.querySelector(name));
  store.addEventListener("tour", () => {
    const { state, step, steps } = store.tour;
    section.hidden = steps === 0;
    section.dataset.state = state;
    caption.textContent = CAPTIONS[state] ?? store.tour.caption;
    toggle.hidden = state === "finished";
    toggle.textContent = state === "playing" ? TEXTS.pause : TEXTS.resume;
    restart.textContent = state === "finished" ? TEXTS.playAgain : TEXTS.restart;
    progress.style.setProperty("width", `${steps ? (100 * step) / steps : 0}%`);
  });
  toggle.addEventListener("click", () => ask({ type: "tour", do: store.tour.state === "playing" ? "pause" : "play" }));
  restart.addEventListener("click", () => ask({ type: "tour", do: "restart" }));
}
