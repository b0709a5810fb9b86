// Days of the calendar, each a Date at noon: far from any change of the clock.

import { WEEKDAYS } from "./day-words.js";
import { isUnclear, unclear } from "./reading.js";

/** @typedef {import("./reading.js").Unclear} Unclear */

export const [FIRST_YEAR, LAST_YEAR] = [1900, 2200];
export const NOT_UNDERSTOOD =
  "Dieses Datum verstehen wir nicht. Bitte schreiben Sie zum Beispiel 1.3.2022 oder „gestern“.";

/** @param {Date} day */
export const written = (day) =>
  [String(day.getDate()).padStart(2, "0"), String(day.getMonth() + 1).padStart(2, "0"), day.getFullYear()].join(".");

/**
 * „Montag, 16.03.2026“: clear by itself.
 * @param {Date} day
 */
export const inWords = (day) => `${WEEKDAYS[weekdayOf(day)]}, ${written(day)}`;

/** @param {Date} day */
export const noon = (day) => new Date(day.getFullYear(), day.getMonth(), day.getDate(), 12);
/** @param {Date} day */
export const weekdayOf = (day) => (day.getDay() + 6) % 7;
/**
 * @param {Date} day
 * @param {number} days
 */
export const plus = (day, days) => new Date(day.getFullYear(), day.getMonth(), day.getDate() + days, 12);
/**
 * @param {number} number
 * @param {number} by
 */
export const modulo = (number, by) => ((number % by) + by) % by;

/**
 * The last one until today, and the first one from today on.
 * @param {(Date | Unclear)[]} found in their order
 * @param {Date} today
 */
export function around(found, today) {
  const days = found.filter((day) => !isUnclear(day)).map((day) => /** @type {Date} */ (day));
  return { last: days.filter((day) => day <= today).at(-1), coming: days.find((day) => day >= today) };
}

/**
 * @param {number} year
 * @param {number} month
 * @param {number} day
 * @returns {Date | Unclear}
 */
export function dateOf(year, month, day) {
  const found = new Date(2000, month - 1, day, 12);
  found.setFullYear(year, month - 1, day); // years below 100 as they are
  const isOne = found.getFullYear() === year && found.getMonth() === month - 1 && found.getDate() === day;
  return isOne && year > 0 ? found : impossible(`${day}.${month}.${year}`, month, day);
}

/**
 * @param {string} text
 * @param {number} month
 * @param {number} day
 */
export const impossible = (text, month, day) =>
  1 <= month && month <= 12 && 1 <= day && day <= 31
    ? unclear(`Den ${text} gibt es nicht. Bitte prüfen Sie das Datum.`)
    : unclear(NOT_UNDERSTOOD);
