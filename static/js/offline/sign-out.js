// Signing out takes away what this browser keeps for the account, after a question if something still waits.

import { byId } from "../dom.js";
import { account, addresses } from "./send.js";
import { notInPortal } from "./sentences.js";
import { entriesOf, forget } from "./store.js";

/**
 * Whatever the browser cannot do, the person is signed out: what is kept belongs to the account, and another one does
 * not see it.
 * @param {HTMLFormElement} form
 */
async function signOut(form) {
  await new Promise((left) => setTimeout(left)); // a form that is just being submitted cannot be submitted again
  try {
    if (!(await forgetAll())) return;
  } catch {
    // storage that cannot be opened keeps nothing
  }
  reallySignOut(form);
}

/** Whether the person may leave: false when they want to see first what waits. */
async function forgetAll() {
  const number = (await entriesOf(account())).length;
  if (number > 0 && !(await mayForget(number))) return false;
  await forget(account());
  const worker = await navigator.serviceWorker?.getRegistration("/");
  await worker?.unregister();
  return true;
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
    signOut(form);
  },
  true,
);
