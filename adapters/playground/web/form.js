// Small windows: forms of the bot's, a question for a name, a question before something is gone for good.

import { ask } from "./connection.js";
import { el } from "./dom.js";
import { TEXTS } from "./texts.js";

/** Let `by` fill in a form of the bot's; what is wrong with it stands at its fields. */
export function openForm(form, by, channel) {
  show(form.title, form.fields, form.submit, "primary", async (values) => {
    const answer = await ask({ type: "submit", by, channel, custom_id: form.custom_id, values });
    return answer?.errors ?? null;
  });
}

/** Ask for the name of somebody new. */
export function askName(found) {
  show(TEXTS.somebodyNew, [{ name: "name", label: TEXTS.newName, type: "line", required: true, limit: 60, value: "" }],
    TEXTS.join, "primary", async ({ name }) => {
      const answer = await ask({ type: "join", name });
      if (answer) found(answer.account);
      return answer ? {} : null;
    });
}

/** Ask before `act` is done. */
export function confirmFirst(question, label, act) {
  show(question, [], label, "danger", async () => { await act(); return {}; });
}

/** `submit(values)` answers with errors by field; the window closes when there are none, and stays on null. */
function show(title, fields, label, emphasis, submit) {
  const inputs = fields.map(field_of);
  const send = el("button", { class: `button ${emphasis}`, type: "submit" }, label);
  const dialog = el("dialog", { class: "form", "aria-labelledby": "form-title" }, el("form", {
    method: "dialog",
    onsubmit: async (event) => {
      event.preventDefault();
      send.disabled = true;
      const errors = await submit(Object.fromEntries(inputs.map(({ name, value }) => [name, value()])));
      send.disabled = false;
      if (errors && mark(inputs, errors) === 0) dialog.close();
    },
  },
  el("h2", { id: "form-title", dir: "auto" }, title),
  inputs.map((field) => field.element),
  el("div", { class: "form-end" },
    el("button", { class: "button", type: "button", onclick: () => dialog.close() }, TEXTS.cancel), send)));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  inputs[0]?.input.focus();
}

function field_of(field) {
  return field.type === "choice" ? choice_of(field) : written(field);
}

/** One of several, or some: their values come back, each on a line. */
function choice_of(field) {
  const id = `field-${field.name}`, type = field.most > 1 ? "checkbox" : "radio", picked = field.value.split("\n");
  const boxes = field.alternatives.map((one) => el("input", {
    type, name: field.name, value: one.value, checked: picked.includes(one.value) }));
  const error = el("p", { id: `${id}-error`, class: "field-error" });
  const element = el("fieldset", { class: "field", "aria-describedby": `${id}-error` },
    el("legend", { dir: "auto" }, field.label),
    field.alternatives.map((one, place) => el("label", { class: "choice", dir: "auto" }, boxes[place], one.label)), error);
  const value = () => boxes.filter((box) => box.checked).map((box) => box.value).join("\n");
  return { name: field.name, input: boxes[0] ?? element, value, error, element };
}

function written(field) {
  const id = `field-${field.name}`;
  const input = el(field.type === "paragraph" ? "textarea" : "input", {
    id, name: field.name, value: field.value, required: field.required, maxLength: field.limit, dir: "auto",
    "aria-describedby": `${id}-error`,
  });
  const error = el("p", { id: `${id}-error`, class: "field-error" });
  const element = el("div", { class: "field" }, el("label", { for: id, dir: "auto" }, field.label), input, error);
  return { name: field.name, input, value: () => input.value, error, element };
}

function mark(fields, errors) {
  for (const { name, input, error } of fields) {
    error.textContent = errors[name] ?? "";
    input.setAttribute("aria-invalid", name in errors);
  }
  fields.find(({ name }) => name in errors)?.input.focus();
  return Object.keys(errors).length;
}
