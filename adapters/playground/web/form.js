// A form in a small window. What is wrong with it stands at its fields.

import { ask } from "./connection.js";
import { el } from "./dom.js";
import { TEXTS } from "./texts.js";

/** Let `by` fill in a form; it closes when it was sent, or given up. */
export function openForm(form, by, channel) {
  const fields = form.fields.map(field_of);
  const submit = el("button", { class: "button primary", type: "submit" }, form.submit);
  const dialog = el("dialog", { class: "form", "aria-labelledby": "form-title" }, el("form", {
    method: "dialog",
    onsubmit: async (event) => {
      event.preventDefault();
      submit.disabled = true;
      const values = Object.fromEntries(fields.map(({ name, input }) => [name, input.value]));
      const answer = await ask({ type: "submit", by, channel, custom_id: form.custom_id, values });
      submit.disabled = false;
      if (answer && mark(fields, answer.errors) === 0) dialog.close();
    },
  },
  el("h2", { id: "form-title", dir: "auto" }, form.title),
  fields.map((field) => field.element),
  el("div", { class: "form-end" },
    el("button", { class: "button", type: "button", onclick: () => dialog.close() }, TEXTS.cancel), submit)));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  fields[0]?.input.focus();
}

function field_of(field) {
  const id = `field-${field.name}`;
  const input = el(field.type === "paragraph" ? "textarea" : "input", {
    id, name: field.name, value: field.value, required: field.required, maxLength: field.limit, dir: "auto",
    "aria-describedby": `${id}-error`,
  });
  const error = el("p", { id: `${id}-error`, class: "field-error" });
  const element = el("div", { class: "field" }, el("label", { for: id, dir: "auto" }, field.label), input, error);
  return { name: field.name, input, error, element };
}

function mark(fields, errors) {
  for (const { name, input, error } of fields) {
    error.textContent = errors[name] ?? "";
    input.setAttribute("aria-invalid", name in errors);
  }
  fields.find(({ name }) => name in errors)?.input.focus();
  return Object.keys(errors).length;
}
