// Stores a text on the server while it is typed: after a pause, when the window is left, and again when the connection
// comes back. Where somebody else has changed the text meanwhile it stops and says so: saving by the button then shows
// both. Whatever happens, the text lies in this browser, too (keeper.js).

import { part } from "../dom.js";

/** @import { Keeper } from "./keeper.js" */
/** @typedef {{ problem?: string, error?: string, version: string, at: string }} Answer */

const PAUSE = 3000; // milliseconds without typing
const AGAIN = 20_000; // milliseconds until the next try
const MOST_UNANSWERED = 5;
const NO_CONNECTION = "Gerade ohne Verbindung. Ihr Text ist auf diesem Gerät sicher und wird später gespeichert.";
const SIGNED_OUT =
  "Sie sind abgemeldet. Ihr Text ist auf diesem Gerät sicher. Speichern Sie mit dem Knopf und melden Sie sich an.";

/**
 * @param {HTMLFormElement} form
 * @param {Keeper} keeper
 */
export function storeOnServer(form, keeper) {
  const text = part(form, "textarea", HTMLTextAreaElement);
  const version = part(form, "[name=version]", HTMLInputElement);
  const status = part(form, "[data-autosave-status]", HTMLElement);
  let timer = 0;
  let stored = text.defaultValue;
  let isOnItsWay = false;
  let isStopped = false;

  /** @type {string[]} texts that were sent, and nobody knows whether they arrived; the newest first */
  let unanswered = [];

  const isStored = () => text.value === stored;

  /** @param {number} pause milliseconds */
  function storeIn(pause) {
    clearTimeout(timer);
    timer = window.setTimeout(store, pause);
  }

  async function store() {
    clearTimeout(timer);
    if (isStopped || isOnItsWay || isStored()) return;
    isOnItsWay = true;
    const sent = text.value;
    const before = earlier();
    keeper.sending();
    keeper.keep();
    let answer = await ask(form, sent);
    if (answer?.problem && (await hasArrived(before))) answer = await ask(form, sent);
    isOnItsWay = false;
    if (!answer) return tryAgain([sent, ...before]);
    if (answer.error || answer.problem) return stop(answer.problem ?? SIGNED_OUT);
    [stored, unanswered] = [sent, []];
    version.value = answer.version;
    keeper.stored();
    status.textContent = `Gespeichert um ${answer.at} Uhr.`;
    if (!isStored()) storeIn(PAUSE);
  }

  function earlier() {
    const left = keeper.unanswered()?.find(([name]) => name === text.name)?.[1];
    return left === undefined ? unanswered : [...new Set([left, ...unanswered])];
  }

  /**
   * A text of this window was stored, only the answer was lost: that is no other person's change. The portal takes what
   * it has anyhow as stored, and overwrites nothing.
   * @param {string[]} texts
   */
  async function hasArrived(texts) {
    for (const one of texts) {
      const answer = await ask(form, one);
      if (answer?.version === undefined) continue;
      version.value = answer.version;
      return true;
    }
    return false;
  }

  /** @param {string[]} texts that have no answer */
  function tryAgain(texts) {
    unanswered = texts.slice(0, MOST_UNANSWERED);
    status.textContent = NO_CONNECTION;
    storeIn(AGAIN);
  }

  /** @param {string} why */
  function stop(why) {
    isStopped = true;
    status.textContent = why;
  }

  text.addEventListener("input", () => storeIn(PAUSE));
  text.addEventListener("change", store); // on to a link or another field: before the window is left, not while
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    isStopped = true;
  });
  window.addEventListener("pageshow", ({ persisted }) => persisted && (isStopped = false));
  window.addEventListener("online", store);
  window.addEventListener("pagehide", store);
  document.addEventListener("visibilitychange", store);
}

/**
 * @param {HTMLFormElement} form
 * @param {string} text
 * @returns {Promise<Answer | null>} null: no connection, or an answer that is none
 */
async function ask(form, text) {
  const typed = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
  const headers = { Accept: "application/json" };
  const options = /** @type {const} */ ({ method: "POST", redirect: "error", headers });
  const body = new URLSearchParams(typed);
  body.set("text", text);
  // only what is short enough may outlive its window
  const keepalive = body.toString().length < 60_000;
  try {
    const response = await fetch(form.dataset.autosave ?? "", { ...options, body, keepalive });
    return /** @type {Answer} */ (await response.json());
  } catch {
    return null;
  }
}
