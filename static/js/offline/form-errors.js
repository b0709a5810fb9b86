// Errors in the form of the kept page, as every form of the portal shows them.

import { byId, element, part } from "../dom.js";
import { errorTitle } from "./sentences.js";

/** @import { Errors } from "./entry.js" */
/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */

export function dangerIcon() {
  const icon = element("span", { className: "kern-icon kern-icon--danger" });
  icon.setAttribute("aria-hidden", "true");
  return icon;
}

/** @param {HTMLFormElement} form */
export function clearErrors(form) {
  byId("unterwegs-fehler", HTMLElement).replaceChildren();
  form.querySelectorAll(".kern-error").forEach((error) => error.remove());
  form.querySelectorAll("[aria-invalid]").forEach((control) => {
    control.removeAttribute("aria-invalid");
    describe(control, "");
  });
  for (const sign of ["kern-form-input--error", "field--error"]) {
    form.querySelectorAll(`.${sign}`).forEach((field) => field.classList.remove(sign));
  }
}

/**
 * @param {Element} control
 * @param {string} errorId
 */
function describe(control, errorId) {
  const before = (control.getAttribute("aria-describedby") ?? "").split(" ");
  const ids = [...before.filter((id) => !id.endsWith("_error")), errorId].filter(Boolean);
  if (ids.length) control.setAttribute("aria-describedby", ids.join(" "));
  else control.removeAttribute("aria-describedby");
}

/**
 * @param {HTMLFormElement} form
 * @param {Errors} errors
 * @param {(name: string) => Control | null} controlOf
 * @param {{ focus?: boolean }} options
 */
export function showErrors(form, errors, controlOf, { focus = true } = {}) {
  clearErrors(form);
  const lines = [];
  for (const [name, sentences] of Object.entries(errors)) {
    const control = controlOf(name);
    if (control) markControl(control, sentences);
    for (const text of sentences) lines.push(element("li", {}, control ? linkTo(control, text) : text));
  }
  if (!lines.length) return;
  const summary = errorSummary(lines);
  byId("unterwegs-fehler", HTMLElement).append(summary);
  if (focus) summary.focus();
}

/** @param {HTMLLIElement[]} lines */
function errorSummary(lines) {
  const title = element("h3", { className: "error-summary__title", id: "fehler-titel" }, dangerIcon(), " ");
  title.append(errorTitle(lines.length));
  const summary = element("section", { className: "error-summary", id: "fehler", tabIndex: -1 }, title);
  summary.setAttribute("aria-labelledby", "fehler-titel");
  summary.append(element("p", { textContent: "Ihre Eingaben sind noch da." }), element("ul", {}, ...lines));
  return summary;
}

/**
 * @param {Control} control
 * @param {string[]} sentences
 */
function markControl(control, sentences) {
  const id = `${control.id}_error`;
  const words = sentences.map((text) => element("p", { textContent: text }));
  const error = element("div", { className: "kern-error", id }, dangerIcon());
  error.append(element("div", { className: "kern-body" }, ...words));
  const field = fieldOf(control);
  if (control.type === "checkbox") field.append(error);
  else (field.querySelector(".kern-form-input__select-wrapper, .file-control") ?? control).before(error);
  field.classList.add(control.type === "checkbox" ? "field--error" : "kern-form-input--error");
  control.setAttribute("aria-invalid", "true");
  describe(control, id);
}

/** @param {Control} control */
function fieldOf(control) {
  const field = control.closest(".field");
  if (!field) throw new Error(`${control.id} stands in no field`);
  return field;
}

/**
 * @param {Control} control
 * @param {string} text
 */
function linkTo(control, text) {
  const label = part(fieldOf(control), ".kern-label", Element).firstChild?.textContent?.trim();
  return element("a", { href: `#${control.id}`, textContent: `${label}: ${text}` });
}
