// The page that works without a connection: it shows what this browser keeps for the account, and how the connection is.

import { say } from "../announce.js";
import { byId, element } from "../dom.js";
import { bringBack, showOffered, startForm, startLikeBefore } from "./form.js";
import { showQueue, startQueue } from "./queue-list.js";
import { showRecent } from "./recent.js";
import { account, addresses, run } from "./send.js";
import { connectionInWords } from "./sentences.js";
import * as store from "./store.js";

/** @import { Connection } from "./sentences.js" */
/** @import { Account } from "./store.js" */

/** @param {Connection} connection */
async function showAll(connection = "unknown") {
  const owner = account();
  const [entries, kept] = await Promise.all([store.entriesOf(owner), store.kept(owner)]);
  const isSignedOut = Boolean(kept?.isSignedOut);
  const own = isSignedOut ? undefined : kept;
  byId("unterwegs", HTMLElement).hidden = !kept || ["forbidden", "other-account"].includes(connection);
  byId("unterwegs-konto", HTMLElement).textContent = own?.name ?? "";
  showConnection(connection, kept);
  startLikeBefore(isSignedOut ? [] : entries, own);
  showOffered(kept ?? { towns: [], fields: [], kinds: [] });
  showQueue(entries, isSignedOut);
  showRecent(own);
}

/**
 * @param {Connection} connection
 * @param {Account | undefined} kept
 */
function showConnection(connection, kept) {
  const browser = {
    isPrepared: Boolean(kept),
    isSignedOut: Boolean(kept?.isSignedOut),
    isOnline: navigator.onLine,
  };
  const text = connectionInWords(connection, browser);
  const place = byId("unterwegs-stand", HTMLElement);
  if (!text || place.dataset.text === text) return;
  place.dataset.text = text;
  const kind = connection === "ready" && kept ? "success" : "info";
  const sign = element("span", { className: `kern-icon kern-icon--${kind}` });
  sign.setAttribute("aria-hidden", "true");
  const words = element("span", {}, text);
  if (!browser.isPrepared || browser.isSignedOut) {
    const href = `${addresses.signIn}?next=${encodeURIComponent(addresses.page)}`;
    words.append(" ", element("a", { href, textContent: "Anmelden" }));
  }
  place.replaceChildren(element("p", { className: `message message--${kind}` }, sign, words));
}

/** @param {{ title: string, wasNew: boolean }} entry */
async function entrySaved({ title, wasNew }) {
  await showAll();
  say(wasNew ? `Gespeichert: ${title}. Der Eintrag wartet auf diesem Gerät.` : `Geändert: ${title}.`);
  byId("unterwegs_title", HTMLElement).focus();
  run().catch(() => {});
}

/** @param {Connection} [connection] */
const show = (connection) => showAll(connection).catch(() => {});

document.addEventListener("kiv-queue", (event) => show(/** @type {CustomEvent<Connection>} */ (event).detail));
window.addEventListener("storage", () => show());
window.addEventListener("offline", () => show("lost"));
startForm({ saved: entrySaved });
startQueue({ showAll });
show(navigator.onLine ? undefined : "lost").finally(bringBack);
