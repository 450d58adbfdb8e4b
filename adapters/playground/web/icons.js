// Small drawings for what can be done with a message; they take the colour of the text around them.

const SPACE = "http://www.w3.org/2000/svg";
const PATHS = {
  reply: "M9 6 4 11l5 5M4 11h9a7 7 0 0 1 7 7",
  thread: "M5 5h14v10h-8l-4 4v-4H5zM9 9h6M9 12h4",
  react: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M9 10v.5M15 10v.5M8.500 14a4.500 4.500 0 0 0 7 0",
  more: "M6 12h.01M12 12h.01M18 12h.01",
};

/** The drawing of that name. */
export function icon(name) {
  const svg = document.createElementNS(SPACE, "svg");
  const path = document.createElementNS(SPACE, "path");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", class: `icon icon-${name}`, "aria-hidden": "true" })) svg.setAttribute(key, value);
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
