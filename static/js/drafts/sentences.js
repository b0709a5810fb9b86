// What the portal says about drafts.

/** @import { Offer, Why } from "./choose.js" */
/** @import { Draft } from "./shelf.js" */

export const DISCARDED = "Der Entwurf ist verworfen.";

/** @param {Draft} draft @param {Date} now */
export function isBack({ at, files }, now) {
  const again = files.map((file) => ` Die Datei „${file}“ wählen Sie bitte noch einmal.`);
  return `Ihr Entwurf von ${moment(at, now)} ist wieder da.${again.join("")}`;
}

/** @type {Record<Why, (when: string) => string>} */
const OFFERS = {
  window: (when) => `In einem anderen Fenster steht ein Entwurf von ${when}.`,
  older: (when) => `Es gibt einen Entwurf von ${when} zu einer früheren Fassung.`,
  other: (when) => `Es gibt noch einen Entwurf von ${when}.`,
};

/** @param {Offer} offer @param {Date} now */
export const isThere = ({ draft, why }, now) => OFFERS[why](moment(draft.at, now));

/** "9:05 Uhr", "gestern, 14:05 Uhr" or "3.11., 14:05 Uhr" @param {number} at @param {Date} now */
export function moment(at, now) {
  const then = new Date(at);
  const time = `${then.getHours()}:${String(then.getMinutes()).padStart(2, "0")} Uhr`;
  const days = Math.round((midnight(now) - midnight(then)) / (24 * 3600 * 1000));
  if (days === 0) return time;
  return days === 1 ? `gestern, ${time}` : `${then.getDate()}.${then.getMonth() + 1}., ${time}`;
}

/** @param {Date} day */
const midnight = (day) => new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime();
