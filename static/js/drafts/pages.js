// Drafts on every page of the portal: what the tag {% keep_typed_text %} has marked is kept.

import { parts } from "../dom.js";
import { storeOnServer } from "./autosave.js";
import { keeperOf } from "./keeper.js";
import { shelfOf } from "./shelf.js";

const STORED = /^#gespeichert-([0-9a-f-]{36})(?:,(.+))?$/; // kiv_portal/accounts/stored_drafts.py
const SIGNED_OUT_AT = "kiv-signed-out";

const account = document.body.dataset.account ?? "";
const shelf = shelfOf(() => (account ? localStorage : sessionStorage), account);
const ofNobody = shelfOf(() => sessionStorage, "");

/** Somebody has signed out, in this window or in another, after this page was made. */
export function isEnded() {
  try {
    return Number(localStorage.getItem(SIGNED_OUT_AT)) > performance.timeOrigin;
  } catch {
    return false;
  }
}

function end() {
  try {
    localStorage.setItem(SIGNED_OUT_AT, String(Date.now()));
  } catch {
    // then nothing is kept, either
  }
  shelf.removeAll();
  ofNobody.removeAll();
}

/** The portal says in the address which draft it has stored, and behind it the place that it leads to. */
function forgetStored() {
  const [, id, place] = STORED.exec(location.hash) ?? [];
  if (!id) return;
  shelf.remove(id);
  ofNobody.remove(id);
  if (place) location.replace(`#${place}`);
  else history.replaceState(history.state, "", location.pathname + location.search);
}

/** @param {HTMLElement} mark which the tag has put into the form */
function keepFormOf(mark) {
  const form = mark.closest("form");
  if (!form || form.querySelector("[type=password]")) return;
  const keeper = keeperOf(form, { shelf: () => shelf, isEnded: () => Boolean(account) && isEnded() });
  const { draft = "", draftId } = mark.dataset;
  if (draftId === undefined) keeper.open(draft);
  else keeper.goOn(draft, draftId);
  form.addEventListener("submit", () => sendWith(form, keeper.send()));
  if (form.dataset.autosave) storeOnServer(form, keeper);
}

/**
 * @param {HTMLFormElement} form
 * @param {string} id
 */
function sendWith(form, id) {
  const field = form.querySelector("[name=_draft]") ?? document.createElement("input");
  if (!(field instanceof HTMLInputElement)) return;
  Object.assign(field, { type: "hidden", name: "_draft", value: id });
  form.append(field);
}

// First what the server has stored, then what may come back.
forgetStored();
shelf.removeOld();
for (const mark of parts(document, "form [data-draft]", HTMLElement)) keepFormOf(mark);

document.addEventListener("submit", ({ target }) => {
  if (target instanceof HTMLFormElement && target.matches("[data-signs-out]")) end();
});
