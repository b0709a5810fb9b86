// What is typed on the kept page and not saved yet.

import { controlsOf, typedIn } from "../drafts/fields.js";
import { keeperOf } from "../drafts/keeper.js";
import { isEnded } from "../drafts/pages.js";
import { shelfOf } from "../drafts/shelf.js";
import { account } from "./send.js";

/**
 * Whose page it is may change while it is open: another tab signs in or out.
 * @param {HTMLFormElement} form
 * @param {{ reset: () => void, files: () => string[] }} options
 */
export function draftsOf(form, options) {
  const keeper = keeperOf(form, {
    shelf: () => shelfOf(() => localStorage, account()),
    isEnded: () => !account() || isEnded(),
    ...options,
  });
  return {
    keep: keeper.keep,
    forget: keeper.forget,
    /** @param {string} [entry] the key of a waiting one that is in the form */
    bringBack: (entry = "") => keeper.open(`unterwegs ${entry}`.trim(), typedIn(controlsOf(form))),
  };
}
