// What waits in this browser. Everything belongs to an account; who is signed in is known from the pages of the portal
// (portal.js). A record carries the version of its form, so that a newer portal can still read it.

const offlineStore = (() => {
  const VERSION = 1;
  const KEEP_RECENT = 14 * 24 * 3600 * 1000; // as long as a sign-in lasts
  const FIELDS = ["title", "municipality", "day", "minutes", "field", "kind", "description"];
  let opened;

  const database = () => {
    opened ??= idb.openDB("kiv-unterwegs", 1, {
      upgrade(db) {
        db.createObjectStore("accounts", { keyPath: "account" });
        db.createObjectStore("entries", { keyPath: "key" }).createIndex("account", "account");
      },
      blocking: () => opened.then((db) => db.close()),
      terminated: () => (opened = undefined),
    });
    return opened;
  };

  // "" while nobody is known here
  function currentAccount() {
    try {
      return localStorage.getItem("kiv-account") ?? "";
    } catch {
      return "";
    }
  }

  function setCurrent(account) {
    localStorage.setItem("kiv-account", String(account));
  }

  // Form versions up to today's; there is one so far.
  function readable(entry) {
    return { errors: {}, photo: null, isTried: false, isChanged: false, isChecked: false, ...entry };
  }

  async function entriesOf(account) {
    if (!account) return [];
    const found = await (await database()).getAllFromIndex("entries", "account", account);
    return found.map(readable).sort((one, other) => one.typedAt - other.typedAt);
  }

  // What was tried or sent while the entry was open in the form counts: the portal may have an earlier state of it.
  async function put(entry, { isNew }) {
    navigator.storage?.persist?.(); // asks the browser not to throw it away when space is short
    const work = (await database()).transaction("entries", "readwrite");
    const now = await work.store.get(entry.key);
    const isTried = now ? Boolean(now.isTried) : !isNew;
    const state = { version: VERSION, changedAt: Date.now(), isTried, isChanged: isTried, seen: now?.seen ?? "" };
    await work.store.put({ ...entry, ...state });
    await work.done;
  }

  // Changes what is stored now, in one transaction; `change` returns the record, or null to take it away.
  async function update(key, change) {
    const work = (await database()).transaction("entries", "readwrite");
    const entry = await work.store.get(key);
    if (entry) {
      const changed = change(readable(entry));
      await (changed ? work.store.put(changed) : work.store.delete(key));
    }
    await work.done;
  }

  async function keep(data) {
    await (await database()).put("accounts", { ...data, account: String(data.account), keptAt: Date.now() });
  }

  async function kept(account) {
    const data = account ? await (await database()).get("accounts", account) : undefined;
    if (data && Date.now() - data.keptAt > KEEP_RECENT) data.recent = [];
    return data;
  }

  async function markSignedOut(account) {
    const data = await (await database()).get("accounts", account);
    if (data) await (await database()).put("accounts", { ...data, isSignedOut: true });
  }

  async function forget(account) {
    const work = (await database()).transaction(["accounts", "entries"], "readwrite");
    await work.objectStore("accounts").delete(account);
    const entries = work.objectStore("entries");
    for (const key of await entries.index("account").getAllKeys(account)) await entries.delete(key);
    await work.done;
    localStorage.removeItem("kiv-account");
  }

  return { FIELDS, currentAccount, setCurrent, entriesOf, put, update, keep, kept, markSignedOut, forget };
})();
