// Which draft comes back into a form by itself, and which are only offered.

import { isSame, standOf } from "./fields.js";

/** @import { Typed } from "./fields.js" */
/** @import { Draft } from "./shelf.js" */

/**
 * @typedef {"window" | "older" | "other"} Why an open window writes it; it is of another stand of the row; or neither
 * @typedef {{ draft: Draft, why: Why }} Offer
 * @typedef {{ back: Draft | null, offers: Offer[], needless: Draft[] }} Choice
 */

const MOST_OFFERS = 3;

/**
 * @param {Draft[]} drafts of this form, the newest first
 * @param {Typed} shown what the server shows
 * @param {(draft: Draft) => boolean} isHeld whether another window is writing it just now
 * @returns {Choice} `needless` say nothing that is not shown anyhow
 */
export function choose(drafts, shown, isHeld) {
  const news = drafts.filter((draft) => !isSame(draft.fields, shown));
  const distinct = news.filter(
    (draft, index) => !news.slice(0, index).some((newer) => isSame(newer.fields, draft.fields)),
  );
  const back = distinct.find((draft) => !isHeld(draft) && isOfThisStand(draft, shown)) ?? null;
  const offers = distinct
    .filter((draft) => draft !== back)
    .slice(0, MOST_OFFERS)
    .map((draft) => ({ draft, why: whyOffered(draft, shown, isHeld) }));
  return { back, offers, needless: drafts.filter((draft) => !distinct.includes(draft) && !isHeld(draft)) };
}

/**
 * @param {Draft} draft
 * @param {Typed} shown
 * @param {(draft: Draft) => boolean} isHeld
 * @returns {Why}
 */
function whyOffered(draft, shown, isHeld) {
  if (isHeld(draft)) return "window";
  return isOfThisStand(draft, shown) ? "other" : "older";
}

/**
 * Typed on what is shown now. What the window had just sent when it was left is the same person's stand, too.
 * @param {Draft} draft
 * @param {Typed} shown
 */
export const isOfThisStand = ({ fields, sent }, shown) => standOf(fields) === standOf(shown) || isSent(sent, shown);

/**
 * @param {Typed | undefined} sent
 * @param {Typed} shown
 */
export const isSent = (sent, shown) => sent !== undefined && isSame(sent, shown);
