// Amounts of time in words and figures.

import { NUMBER_WORDS } from "./reading.js";

export const MINUTES_PER_HOUR = 60;

export const HALVES = new Map([
  ...Object.entries({
    anderthalb: 1.5,
    eineinhalb: 1.5,
    einundeinhalb: 1.5,
    dreiviertel: 0.75,
    halbe: 0.5,
    halben: 0.5,
  }),
  ...[...NUMBER_WORDS]
    .filter(([, number]) => 2 <= number && number <= 9)
    .map(([word, number]) => /** @type {[string, number]} */ ([`${word}einhalb`, number + 0.5])),
]);
export const SIGNS = { "½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3" };
export const NOUNS = new Map(Object.entries({ viertelstunde: 15, dreiviertelstunde: 45, halbstunde: 30 }));
export const UNITS = new Map([
  ...["stunden", "stunde", "stdn", "std", "h"].map((unit) => /** @type {[string, number]} */ ([unit, 60])),
  ...["minuten", "minute", "min", "m", "'", "’", "′"].map((unit) => /** @type {[string, number]} */ ([unit, 1])),
]);

/**
 * „1,5“, „1 1/2“, „eine halbe“, „anderthalb“; null for a fraction of nothing.
 * @param {string} text
 */
export function amountOf(text) {
  if (text.includes("/")) {
    const parts = text.replace(" und ", " ").split(" ");
    const [above = 0, below = 0] = /** @type {string} */ (parts.pop()).split("/").map(Number);
    return below ? parts.reduce((sum, part) => sum + Number(part), 0) + above / below : null;
  }
  if (/^\d/u.test(text)) return Number(text.replace(",", "."));
  return HALVES.get(/** @type {string} */ (text.split(" ").pop())) ?? NUMBER_WORDS.get(text) ?? null;
}

/**
 * @param {number} number
 * @param {string} one
 * @param {string} many
 */
const counted = (number, one, many) => `${number} ${number === 1 ? one : many}`;

/**
 * „1 Stunde 30 Minuten“: clear by itself.
 * @param {number} minutes
 */
export function hoursAndMinutes(minutes) {
  const [hours, rest] = [Math.floor(minutes / MINUTES_PER_HOUR), minutes % MINUTES_PER_HOUR];
  const parts = [hours && counted(hours, "Stunde", "Stunden"), (rest || !hours) && counted(rest, "Minute", "Minuten")];
  return parts.filter(Boolean).join(" ");
}
