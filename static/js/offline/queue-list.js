// The two lists of the kept page: what waits for a connection, and what the portal has refused.

import { say } from "../announce.js";
import { byId, element } from "../dom.js";
import { inWords } from "../written/durations.js";
import { confirmedAsItIs, isOnlyAsked, isRefused, isWaiting, reasons } from "./entry.js";
import { dangerIcon } from "./form-errors.js";
import { closeEntry, focusForm, openEntry } from "./form.js";
import { answerOf, questionList, reasonToAsk } from "./questions.js";
import { account, run } from "./send.js";
import { needHelp, waitForConnection } from "./sentences.js";
import * as store from "./store.js";

/** @import { Entry } from "./entry.js" */

const WAITING = { part: "unterwegs-schlange", list: "unterwegs-wartend", title: waitForConnection };
const REFUSED = { part: "unterwegs-fragen", list: "unterwegs-abgelehnt", title: needHelp };
const titleOf = (/** @type {string} */ part) => byId(`${part}-titel`, HTMLElement);

/** What `list.replaceChildren` was last called with: see renew. */
const shown = new Map([
  [WAITING.list, "[]"],
  [REFUSED.list, "[]"],
]);
/** @type {() => Promise<void>} */
let showPage = async () => {};

/**
 * @param {Entry[]} entries
 * @param {boolean} isSignedOut then their number is shown, nothing else
 */
export function showQueue(entries, isSignedOut) {
  showGroup(WAITING, entries.filter(isWaiting), isSignedOut);
  showGroup(REFUSED, entries.filter(isRefused), isSignedOut);
  byId("unterwegs-senden", HTMLElement).hidden = isSignedOut;
}

/**
 * @param {typeof WAITING} group
 * @param {Entry[]} entries
 * @param {boolean} isSignedOut
 */
function showGroup(group, entries, isSignedOut) {
  byId(group.part, HTMLElement).hidden = !entries.length;
  titleOf(group.part).textContent = entries.length ? group.title(entries.length) : "";
  renew(byId(group.list, HTMLElement), isSignedOut ? [] : entries);
}

/**
 * Only when something has changed: the keyboard's place must not get lost.
 * @param {HTMLElement} list
 * @param {Entry[]} entries
 */
function renew(list, entries) {
  const state = JSON.stringify(
    entries.map((entry) => [entry.key, entry.fields, entry.errors, entry.questions, Boolean(entry.photo)]),
  );
  if (shown.get(list.id) === state) return;
  shown.set(list.id, state);
  const hadFocus = list.contains(document.activeElement);
  list.replaceChildren(...entries.map(item));
  if (hadFocus) focusQueue();
}

/** @param {Entry} entry */
function item(entry) {
  const { title, day, minutes } = entry.fields;
  const facts = [day, inWords(minutes), entry.photo && "mit Foto"].filter(Boolean).join(" · ");
  return element(
    "li",
    {},
    element("h3", { className: "queue__title", textContent: title }),
    element("p", { className: "queue__facts" }, badge(entry), ` ${facts}`),
    ...reasons(entry).map((text) =>
      element("p", { className: "queue__reason" }, dangerIcon(), element("span", { textContent: text })),
    ),
    ...(entry.questions.length ? [question(entry)] : []),
    element("div", { className: "button-row" }, ...choices(entry), button("Löschen", entry, remove, "danger")),
  );
}

/** @param {Entry} entry */
function question(entry) {
  const words = `Bitte kurz prüfen: ${reasonToAsk(entry.questions)}`;
  return element("div", { className: "privacy-question" }, element("p", {}, words), questionList(entry.questions));
}

/** @param {Entry} entry */
function choices(entry) {
  if (!entry.questions.length) return [button("Öffnen", entry, openEntry), button("Jetzt senden", entry, sendNow)];
  return [button("Ich ändere es", entry, openEntry), button(answerOf(entry.questions), entry, leaveAsItIs)];
}

/** @param {Entry} entry */
async function leaveAsItIs(entry) {
  await store.update(entry.key, (now) => confirmedAsItIs(now));
  closeEntry(entry);
  await sendNow(entry);
}

/** @param {Entry} entry */
function badge(entry) {
  if (isOnlyAsked(entry)) return sign("neutral", "eine Frage");
  const refused = isRefused(entry);
  return sign(refused ? "warning" : "neutral", refused ? "nicht angenommen" : "wartet");
}

/**
 * @param {string} kind
 * @param {string} text
 */
function sign(kind, text) {
  const dot = element("span", { className: "badge__dot" });
  dot.setAttribute("aria-hidden", "true");
  return element("span", { className: `badge badge--${kind}` }, dot, element("span", { textContent: text }));
}

/**
 * @param {string} word
 * @param {Entry} entry
 * @param {(entry: Entry) => void} action
 * @param {string} style
 */
function button(word, entry, action, style = "secondary") {
  const className = `button button--small button--${style}`;
  const made = element("button", { type: "button", className, textContent: word });
  made.append(element("span", { className: "sr-only", textContent: ` (${entry.fields.title})` }));
  made.addEventListener("click", () => action(entry));
  return made;
}

/** @param {Entry} entry */
async function sendNow(entry) {
  say("Wird gesendet.");
  await run(entry.key).catch(() => {});
  const left = (await store.entriesOf(account())).find((one) => one.key === entry.key);
  say(left ? whyLeft(left) : `Im Portal gespeichert: ${entry.fields.title}.`);
  focusQueue();
}

/** @param {Entry} entry */
const whyLeft = (entry) =>
  isRefused(entry)
    ? reasons(entry).join(" ") || "Bitte kurz prüfen."
    : byId("unterwegs-stand", HTMLElement).textContent;

/** @param {Entry} entry */
async function remove(entry) {
  const dialog = byId("unterwegs-loeschen", HTMLDialogElement);
  byId("unterwegs-loeschen-was", HTMLElement).textContent = entry.fields.title;
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
  if (dialog.returnValue !== "yes") return;
  await store.update(entry.key, () => null);
  closeEntry(entry);
  await showPage();
  say(`Gelöscht: ${entry.fields.title}.`);
  focusQueue();
}

/** The button that had the focus may be gone: then the list it stood in has it, or the form. */
function focusQueue() {
  if (document.activeElement && document.activeElement !== document.body) return;
  const first = [WAITING, REFUSED].find((group) => !byId(group.part, HTMLElement).hidden);
  if (first) titleOf(first.part).focus();
  else focusForm();
}

/** @param {{ showAll: () => Promise<void> }} page shows the page anew, after an entry is gone */
export function startQueue({ showAll }) {
  showPage = showAll;
  byId("unterwegs-senden", HTMLElement).addEventListener("click", () => {
    say("Wird gesendet.");
    run().catch(() => {});
  });
}
