// Sends what waits, on every page of a mediator: at once, when the connection comes back, and again and again with
// growing pauses. The portal stores an entry once, however often it arrives; one tab sends at a time.

import { part } from "../dom.js";
import { afterArrival, formOf, isWaiting } from "./entry.js";
import { endsRound, outcomeOf, pauseAfter, refusalOf, toSend } from "./queue.js";
import { queueInShort } from "./sentences.js";
import * as store from "./store.js";

/** @import { Entry } from "./entry.js" */
/** @import { Answer, Outcome } from "./queue.js" */
/** @import { Connection } from "./sentences.js" */

const { content: ownAccount, dataset } = part(document, "meta[name=kiv-offline]", HTMLMetaElement);
/** Addresses of the portal, from the page. */
export const addresses = {
  source: dataset.source ?? "",
  target: dataset.target ?? "",
  worker: dataset.worker ?? "",
  page: dataset.page ?? "",
  signIn: dataset.signIn ?? "",
  signOut: dataset.signOut ?? "",
};
const isKeptPage = !ownAccount;
let failures = 0;
let timer = 0;
/** @type {Connection} */
let connection = "unknown";

/** The account that this page belongs to; "" while nobody is known here. */
export const account = () => ownAccount || store.currentAccount();

/**
 * @param {string} address
 * @param {{ method?: string, body?: FormData, headers?: Record<string, string> }} options
 * @returns {Promise<{ code: number, data: any } | null>} null: no network, no portal, or an answer that broke off
 */
async function ask(address, options = {}) {
  const signal = AbortSignal.timeout(options.body ? 120_000 : 15_000);
  const headers = { Accept: "application/json", ...options.headers };
  try {
    const answer = await fetch(address, { ...options, headers, signal, redirect: "manual", cache: "no-store" });
    const isData = answer.headers.get("Content-Type")?.startsWith("application/json");
    return { code: answer.status, data: isData ? await answer.json() : {} };
  } catch {
    return null;
  }
}

/**
 * Who is signed in now, what to keep for the account, and a fresh token.
 * @returns {Promise<{ state: Connection, token?: string }>}
 */
async function greet() {
  const answer = await ask(addresses.source);
  if (answer?.code === 401) {
    await store.markSignedOut(account());
    return { state: "signed-out" };
  }
  if (answer?.code === 403) return { state: "forbidden" };
  if (answer?.code !== 200) return { state: "lost" };
  const { csrf_token: token, ...data } = answer.data;
  await store.keep(data);
  if (isKeptPage) store.setCurrent(data.account);
  return String(data.account) === account() ? { state: "ready", token } : { state: "other-account" };
}

/**
 * Noted before it leaves: from now on the portal may have it.
 * @param {Entry} entry
 * @param {string} token
 */
async function sendOne(entry, token) {
  await store.update(entry.key, (now) => ({ ...now, isTried: true }));
  /** @type {Answer | null} */
  const answer = await ask(addresses.target, {
    method: "POST",
    body: formOf(entry),
    headers: { "X-CSRFToken": token },
  });
  const outcome = outcomeOf(answer);
  if (outcome === "sent") await store.update(entry.key, (now) => afterArrival(now, entry));
  if (answer && outcome === "refused") {
    const { questions = [], seen = "" } = answer.data;
    await store.update(entry.key, (now) => ({ ...now, errors: refusalOf(answer), questions, seen }));
  }
  return outcome;
}

/** @param {string} force */
async function sendAll(force) {
  const { state, token } = await greet();
  connection = state;
  if (!token) return;
  /** @type {Set<Outcome>} */
  const outcomes = new Set();
  for (const entry of toSend(await store.entriesOf(account()), force)) {
    const outcome = await sendOne(entry, token);
    outcomes.add(outcome);
    if (endsRound(outcome)) {
      connection = outcome;
      return;
    }
    tell();
  }
  if (outcomes.has("sent")) await greet(); // the list of own entries has grown
  if (outcomes.has("failed")) connection = "lost";
}

/** @param {string} force the key of one entry that the portal has refused before */
export async function run(force = "") {
  clearTimeout(timer);
  if (!account() && !isKeptPage) return tell();
  await alone(() => sendAll(force));
  failures = connection === "lost" ? failures + 1 : 0;
  const pause = pauseAfter(failures);
  const waiting = (await store.entriesOf(account())).filter(isWaiting);
  if (pause && waiting.length) timer = window.setTimeout(start, pause * 1000);
  return tell();
}

/** @param {() => Promise<void>} work */
async function alone(work) {
  if (navigator.locks) await navigator.locks.request("kiv-unterwegs-senden", work);
  else await work();
}

/** Whoever shows the queue listens to this. */
function tell() {
  document.dispatchEvent(new CustomEvent("kiv-queue", { detail: connection }));
}

const start = () => run().catch(tell);

// Nothing waits, and what is kept is fresh: no need to ask.
async function startIfNeeded() {
  const [entries, kept] = await Promise.all([store.entriesOf(account()), store.kept(account())]);
  const isFresh = kept && !kept.isSignedOut && Date.now() - kept.keptAt < 60_000;
  if (isKeptPage || entries.some(isWaiting) || !isFresh) await start();
}

async function showNotice() {
  const notice = document.getElementById("warteschlange");
  if (!notice) return;
  const entries = await store.entriesOf(account());
  const waiting = entries.filter(isWaiting).length;
  const link = document.createElement("a");
  link.href = addresses.page;
  link.textContent = queueInShort(waiting, entries.length - waiting);
  if (notice.textContent !== link.textContent) notice.replaceChildren(...(link.textContent ? [link] : []));
}

document.addEventListener("kiv-queue", () => showNotice().catch(() => {}));
window.addEventListener("online", start);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") startIfNeeded().catch(() => {});
});
if ("serviceWorker" in navigator && !isKeptPage) navigator.serviceWorker.register(addresses.worker).catch(() => {});
tell();
startIfNeeded().catch(tell);
