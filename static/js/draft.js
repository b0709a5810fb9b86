// Keeps what is typed in forms with data-draft in this browser, until it is saved: after a crash, an ended session or a
// closed tab it is back. A key names account and page, so nobody else who signs in here gets to see it. Signing out
// empties all of the account.

import { say } from "./announce.js";
import { part, parts } from "./dom.js";

/**
 * @typedef {[name: string, value: string][]} Typed
 * @typedef {{ at: number, fields: Typed }} Draft
 */

const prefix = `kiv-draft:${document.body.dataset.account}:`;
const KEPT_DAYS = 14;
const NEVER_KEPT = ["csrfmiddlewaretoken", "_typed_by"];
const PAUSE = 250; // milliseconds without typing
let isSignedOut = false;

// Private windows may refuse the storage: then there are no drafts, and everything else works.
/**
 * @param {string} key
 * @returns {Draft | null}
 */
function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {Draft} draft
 */
function write(key, draft) {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // full or refused
  }
}

/** @param {string} key */
function remove(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // refused
  }
}

function ownKeys() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

function removeOld() {
  for (const key of ownKeys()) {
    const age = Date.now() - (read(key)?.at ?? 0);
    if (age > KEPT_DAYS * 24 * 3600 * 1000) remove(key);
  }
}

/**
 * @param {HTMLFormElement} form
 * @returns {Typed}
 */
function typedIn(form) {
  return [...new FormData(form)].flatMap(([name, value]) =>
    typeof value === "string" && !NEVER_KEPT.includes(name) ? [[name, value]] : [],
  );
}

/**
 * @param {HTMLFormElement} form
 * @param {Typed} fields
 */
function fill(form, fields) {
  /** @type {Map<string, string[]>} */
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const control of form.elements) {
    const name = control.getAttribute("name");
    if (name && !NEVER_KEPT.includes(name)) fillControl(control, values.get(name) ?? []);
  }
}

/**
 * @param {Element} control
 * @param {string[]} kept
 */
function fillControl(control, kept) {
  if (control instanceof HTMLSelectElement) {
    for (const option of control.options) option.selected = kept.includes(option.value);
  } else if (control instanceof HTMLTextAreaElement) {
    control.value = kept[0] ?? control.value;
  } else if (control instanceof HTMLInputElement) {
    if (control.type === "checkbox" || control.type === "radio") control.checked = kept.includes(control.value);
    else if (control.type !== "file" && control.type !== "submit") control.value = kept[0] ?? control.value;
  }
}

/** @param {Element} field */
function isFilled(field) {
  if (field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type)) return field.checked;
  return "value" in field && Boolean(field.value);
}

/**
 * What came back is never folded away.
 * @param {HTMLFormElement} form
 */
function unfold(form) {
  for (const details of parts(form, "details", HTMLDetailsElement)) {
    if ([...details.querySelectorAll("input, select, textarea")].some(isFilled)) details.open = true;
  }
}

/** @param {HTMLFormElement} form */
function keepDraftOf(form) {
  const key = prefix + form.dataset.draft;
  const notice = document.querySelector("[data-draft-notice]");
  const atFirst = typedIn(form);
  let timer = 0;

  function keep() {
    clearTimeout(timer);
    timer = 0;
    if (!isSignedOut) write(key, { at: Date.now(), fields: typedIn(form) });
  }

  function restore() {
    const draft = read(key);
    if (!draft || !Array.isArray(draft.fields)) return;
    fill(form, draft.fields);
    unfold(form);
    if (!(notice instanceof HTMLElement)) return;
    notice.hidden = false;
    say(part(notice, "[data-draft-sentence]", HTMLElement).textContent);
  }

  /** @param {HTMLElement} shown */
  function discard(shown) {
    clearTimeout(timer);
    timer = 0;
    remove(key);
    form.reset();
    fill(form, atFirst); // hidden fields do not reset by themselves
    shown.hidden = true;
    say("Der Entwurf ist verworfen.");
    const first = form.querySelector("input:not([type=hidden]), select, textarea");
    if (first instanceof HTMLElement) first.focus();
  }

  for (const event of ["input", "change"]) {
    form.addEventListener(event, () => {
      clearTimeout(timer);
      timer = window.setTimeout(keep, PAUSE);
    });
  }
  window.addEventListener("pagehide", () => timer && keep());
  document.addEventListener("visibilitychange", () => timer && keep());
  if (notice instanceof HTMLElement) {
    part(notice, "[data-draft-discard]", HTMLElement).addEventListener("click", () => discard(notice));
  }

  if (form.hasAttribute("data-draft-restore")) restore();
  else keep(); // came back from the server with errors, or after a new sign-in: this is the newest text
}

// First what the server has saved, then what may come back.
for (const saved of parts(document, "[data-saved]", HTMLElement)) remove(prefix + saved.dataset.saved);
removeOld();
for (const form of parts(document, "form[data-draft]", HTMLFormElement)) {
  if (!form.querySelector("[type=password]")) keepDraftOf(form);
}

document.addEventListener("submit", (event) => {
  if (!(event.target instanceof HTMLFormElement) || !event.target.matches("[data-signs-out]")) return;
  isSignedOut = true;
  for (const key of ownKeys()) remove(key);
});
