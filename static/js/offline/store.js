// What waits in this browser. Everything belongs to an account; who is signed in is known from the pages of the portal
// (portal.js). A record carries the version of its form, so that a newer portal can still read it.

import { openDB } from "../../build/idb.js";
import { readable, toStore } from "./entry.js";

/** @import { IDBPDatabase } from "idb" */
/** @import { Choice, Town } from "./choices.js" */
/** @import { Entry, TypedEntry } from "./entry.js" */

/**
 * @typedef {object} AccountData what the portal gives out for the account that is signed in
 * @property {number} account
 * @property {string} name
 * @property {Town[]} towns
 * @property {Choice[]} fields
 * @property {Choice[]} kinds
 * @property {{ title: string, day: string, minutes: number }[]} recent
 * @property {string[]} [titles] what entries were called before; missing in what an older portal has sent
 * @property {{ field: string, kind: string }} [last] of the last entry
 *
 * @typedef {Omit<AccountData, "account"> & { account: string, keptAt: number, isSignedOut?: boolean }} Account
 *
 * @typedef {{
 *   accounts: { key: string, value: Account },
 *   entries: { key: string, value: Entry, indexes: { account: string } },
 * }} Schema
 */

const KEEP_RECENT = 14 * 24 * 3600 * 1000; // as long as a sign-in lasts
/** @type {Promise<IDBPDatabase<Schema>> | undefined} */
let opened;

function database() {
  opened ??= openDB("kiv-unterwegs", 1, {
    upgrade(db) {
      db.createObjectStore("accounts", { keyPath: "account" });
      db.createObjectStore("entries", { keyPath: "key" }).createIndex("account", "account");
    },
    blocking: () => opened?.then((db) => db.close()),
    terminated: () => (opened = undefined),
  });
  return opened;
}

/** "" while nobody is known here */
export function currentAccount() {
  try {
    return localStorage.getItem("kiv-account") ?? "";
  } catch {
    return "";
  }
}

/** @param {number} account */
export function setCurrent(account) {
  localStorage.setItem("kiv-account", String(account));
}

/**
 * @param {string} account
 * @returns {Promise<Entry[]>} in the order they were typed
 */
export async function entriesOf(account) {
  if (!account) return [];
  const found = await (await database()).getAllFromIndex("entries", "account", account);
  return found.map(readable).sort((one, other) => one.typedAt - other.typedAt);
}

/**
 * @param {TypedEntry} typed
 * @param {{ isNew: boolean }} circumstances
 */
export async function put(typed, { isNew }) {
  navigator.storage?.persist?.(); // asks the browser not to throw it away when space is short
  const work = (await database()).transaction("entries", "readwrite");
  const now = await work.store.get(typed.key);
  await work.store.put(toStore(typed, now, { isNew, at: Date.now() }));
  await work.done;
}

/**
 * Changes what is stored now, in one transaction.
 * @param {string} key
 * @param {(entry: Entry) => Entry | null} change null takes it away
 */
export async function update(key, change) {
  const work = (await database()).transaction("entries", "readwrite");
  const entry = await work.store.get(key);
  if (entry) {
    const changed = change(readable(entry));
    await (changed ? work.store.put(changed) : work.store.delete(key));
  }
  await work.done;
}

/** @param {AccountData} data */
export async function keep(data) {
  await (await database()).put("accounts", { ...data, account: String(data.account), keptAt: Date.now() });
}

/** @param {string} account */
export async function kept(account) {
  const data = account ? await (await database()).get("accounts", account) : undefined;
  if (data && Date.now() - data.keptAt > KEEP_RECENT) data.recent = [];
  return data;
}

/** @param {string} account */
export async function markSignedOut(account) {
  const data = await (await database()).get("accounts", account);
  if (data) await (await database()).put("accounts", { ...data, isSignedOut: true });
}

/** @param {string} account */
export async function forget(account) {
  const work = (await database()).transaction(["accounts", "entries"], "readwrite");
  await work.objectStore("accounts").delete(account);
  const entries = work.objectStore("entries");
  for (const key of await entries.index("account").getAllKeys(account)) await entries.delete(key);
  await work.done;
  localStorage.removeItem("kiv-account");
}
