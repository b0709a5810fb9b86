// The rules of the queue: what is sent, what an answer means, and when the next try is.

import { isWaiting } from "./entry.js";

/** @import { Entry, Errors, Question } from "./entry.js" */

/**
 * @typedef {"sent" | "lost" | "signed-out" | "other-account" | "failed" | "refused"} Outcome
 * @typedef {{ code: number, data: { errors?: Errors, questions?: Question[], seen?: string } }} Answer
 */

const PAUSES = [5, 15, 30, 60, 120, 300]; // seconds
const PASSING = new Set([0, 403, 429]); // a redirect, a token out of date, too many at once: later it may work

/**
 * @param {Answer | null} answer null: no network, no portal, or an answer that broke off
 * @returns {Outcome}
 */
export function outcomeOf(answer) {
  if (!answer) return "lost";
  if (answer.code === 200) return "sent";
  if (answer.code === 401) return "signed-out";
  if (answer.code === 409) return "other-account";
  if (PASSING.has(answer.code) || answer.code >= 500) return "failed";
  return "refused";
}

/**
 * Where this is the outcome of one entry, the next ones need not be tried.
 * @param {Outcome} outcome
 * @returns {outcome is "lost" | "signed-out" | "other-account"}
 */
export const endsRound = (outcome) => ["lost", "signed-out", "other-account"].includes(outcome);

/**
 * @param {Answer} answer
 * @returns {Errors}
 */
export function refusalOf(answer) {
  if (answer.data.errors) return answer.data.errors;
  if (answer.code === 413) return { photo: ["Dieses Foto ist zu groß. Bitte wählen Sie eine kleinere Fassung."] };
  return { __all__: ["Das Portal hat diesen Eintrag nicht verstanden. Bitte prüfen Sie ihn."] };
}

/**
 * @param {Entry[]} entries
 * @param {string} force the key of one entry that the portal has refused before
 */
export const toSend = (entries, force = "") => entries.filter((entry) => isWaiting(entry) || entry.key === force);

/**
 * Seconds until the next try; 0 where nothing has failed.
 * @param {number} failures in a row
 */
export const pauseAfter = (failures) => PAUSES[Math.min(failures, PAUSES.length) - 1] ?? 0;
