// Signing out takes away what this browser keeps for the account, after a question if something still waits.

import { byId } from "../dom.js";
import { account, addresses } from "./send.js";
import { notInPortal } from "./sentences.js";
import { entriesOf, forget } from "./store.js";

/** @param {HTMLFormElement} form */
async function signOut(form) {
  const number = (await entriesOf(account())).length;
  if (number > 0 && !(await mayForget(number))) return;
  await forget(account());
  const worker = await navigator.serviceWorker?.getRegistration("/");
  await worker?.unregister();
  reallySignOut(form);
}

/** @param {number} number of entries that are not in the portal */
async function mayForget(number) {
  const question = byId("abmelden-frage", HTMLDialogElement);
  byId("abmelden-frage-zahl", HTMLElement).textContent = notInPortal(number);
  question.returnValue = "";
  question.showModal();
  await new Promise((closed) => question.addEventListener("close", closed, { once: true }));
  if (question.returnValue === "queue") location.assign(addresses.page);
  return question.returnValue === "yes";
}

/**
 * Sent as by a press of the button, so that everybody else who listens (the drafts) hears of it, too.
 * @param {HTMLFormElement} form
 */
function reallySignOut(form) {
  form.dataset.forgotten = "yes";
  form.requestSubmit();
}

// Before portal.js marks the form as sent.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    if (form.getAttribute("action") !== addresses.signOut || form.dataset.forgotten) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    signOut(form).catch(() => reallySignOut(form));
  },
  true,
);
