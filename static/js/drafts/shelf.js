// Where drafts lie: in this browser, each window's under a key of its own, so that no window overwrites another's.
// Private windows may refuse the storage: then there are no drafts, and everything else works.

/** @import { Typed } from "./fields.js" */

/**
 * @typedef {object} Draft
 * @property {string} id of what one window typed; sent with the form, and named by the portal once it is stored
 * @property {string} name of the form: its page
 * @property {number} at milliseconds
 * @property {Typed} fields
 * @property {string[]} files names of chosen files, which nobody can keep
 * @property {Typed} [sent] what was on its way to the server when the window was left
 *
 * @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">} Drawer
 */

const PREFIX = "kiv-draft:";
const HOUR = 3600 * 1000;
const KEPT = 14 * 24 * HOUR; // as long as a sign-in lasts
const KEPT_WITHOUT_ACCOUNT = 24 * HOUR; // and no longer than the window

/**
 * The drafts of one account; `owner` "" is nobody, whose drafts end with the window.
 * @param {() => Drawer} drawer asked each time: the storage of a browser may be refused
 * @param {string} owner
 * @param {() => number} now
 */
export function shelfOf(drawer, owner, now = Date.now) {
  const prefix = `${PREFIX}${owner}:`;

  /** @param {string} key */
  function read(key) {
    try {
      const draft = /** @type {Draft} */ (JSON.parse(drawer().getItem(key) ?? "null"));
      return Array.isArray(draft?.fields) ? draft : null;
    } catch {
      return null;
    }
  }

  /** @returns {string[]} */
  function keys() {
    try {
      const found = drawer();
      const all = Array.from({ length: found.length }, (_, index) => found.key(index) ?? "");
      return all.filter((key) => key.startsWith(prefix));
    } catch {
      return [];
    }
  }

  /** @param {string} key */
  function drop(key) {
    try {
      drawer().removeItem(key);
    } catch {
      // refused
    }
  }

  return {
    /** @param {string} id */
    read: (id) => read(prefix + id),

    /**
     * @param {Draft} draft
     * @returns {boolean} false where there is no room, or no storage
     */
    write(draft) {
      try {
        drawer().setItem(prefix + draft.id, JSON.stringify(draft));
        return true;
      } catch {
        return false;
      }
    },

    /** @param {string} id */
    remove: (id) => drop(prefix + id),

    removeAll: () => keys().forEach(drop),

    removeOld() {
      const oldest = now() - (owner ? KEPT : KEPT_WITHOUT_ACCOUNT);
      for (const key of keys()) if ((read(key)?.at ?? 0) < oldest) drop(key);
    },

    /**
     * @param {string} name
     * @returns {Draft[]} the newest first
     */
    named(name) {
      const found = keys().flatMap((key) => read(key) ?? []);
      return found.filter((draft) => draft.name === name).sort((one, other) => other.at - one.at);
    },
  };
}
