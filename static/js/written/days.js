// A day as people write it: „1.3.22“, „3. Nov.“, „Montag, 23.11.“, „letzten Freitag“, „vor drei Tagen“.
// The same as kiv_portal/written/days.py; both are held to one table.

import { FIRST_YEAR, LAST_YEAR, NOT_UNDERSTOOD, noon, plus, written } from "./calendar.js";
import { ago, ofDayAlone, ofEightDigits, ofIso, ofParts, ofWeek, ofWeekday, ofWeekdayAndDay } from "./day-readers.js";
import { DAYS_FROM_TODAY, MONTH_WORDS, ORDINALS, WEEKDAYS, WEEKDAY_WORDS, WHICH } from "./day-words.js";
import { NUMBER_WORDS, isUnclear, oneOf, part, spelled, unclear, whole } from "./reading.js";

export { NOT_UNDERSTOOD, written };

/**
 * @typedef {import("./reading.js").Unclear} Unclear
 * @typedef {import("./day-readers.js").When} When
 */

const ONE_DAY = "Bitte geben Sie einen einzelnen Tag an, zum Beispiel 1.3.2022.";
const WHICH_DAY = "Welcher Tag war es genau? Bitte schreiben Sie zum Beispiel 3. März.";

const YEAR = "(?:(?<year>\\d{4})|['’]?(?<short>\\d{2}))";
const MONTH = `(?<word>${oneOf(MONTH_WORDS.keys())})\\.?`;
const WEEKDAY = `(?<weekday>${oneOf(WEEKDAY_WORDS.keys())})\\.?`;
const COUNT = `(?<count>\\d{1,3}|${oneOf(NUMBER_WORDS.keys())})`;
const WHICH_ONE = `(?:in )?(?:der |die )?(?<which>${oneOf(WHICH.keys())})`;
const PART_OF_DAY = "(?:früh|morgens?|vormittags?|mittags?|nachmittags?|abends?|nachts?)";

const WORD_BEFORE = /^(?:(?:war|am|den|dem|der|vom|an) )+(?=.)/u;
const DOT_BEHIND_WORD = /(?<=[\p{L}_])[.!]$/u;
const CLOCK_BEHIND = /(?<=.)[ ,]+(?:(?:um|gegen|ab) )?\d{1,2}(?::\d{2}(?::\d{2})?(?: ?uhr)?|(?:\.\d{2})? ?uhr)$/u;
const PART_BEHIND = new RegExp(`(?<=.)[ ,]+(?:am )?${PART_OF_DAY}$`, "u");
const PART_OF_WEEKDAY = new RegExp(`(${oneOf(WEEKDAYS.map((day) => day.toLowerCase()))})${PART_OF_DAY}`, "gu");
const ISO = whole(
  "(?<year>\\d{4})-(?<month>\\d{1,2})-(?<day>\\d{1,2})" +
    "(?:[t ](?<hour>\\d{1,2}):(?<minute>\\d{2})(?::\\d{2}(?:[.,]\\d+)?)? ?(?<offset>z|[+-]\\d{2}:?\\d{2})?)?",
);
const AGO = whole(`(?:heute )?(?<way>vor|in) ${COUNT} (?<unit>tag|woche|monat|jahr)(?:e|en|n)?`);
const SEVERAL_DAYS = whole("(?:vom )?\\d{1,2}\\.(?:\\d{1,2}\\.(?:\\d{2,4})?)? ?(?:[-–—+/]|bis|und) ?\\d{1,2}\\..*");
const WHICH_WEEKDAY = whole(`(?:${WHICH_ONE} )?${WEEKDAY}`);
const WEEK_AND_WEEKDAY = whole(`${WHICH_ONE} woche,?(?: am)? ${WEEKDAY}`);
const WEEKDAY_AND_WEEK = whole(`${WEEKDAY} ${WHICH_ONE} woche`);
const WEEKDAY_AND_DAY = whole(`${WEEKDAY}[, ]+(?<day>.*\\d.*|.*(?:${oneOf(MONTH_WORDS.keys())}).*)`);
const DAY_ALONE = whole(`(?<day>\\d{1,2})\\.|(?<ordinal>${oneOf(ORDINALS.keys())})`);
const EIGHT_DIGITS = /^\d{8}$/u;
const MONTH_ALONE = whole(`(?:(?:im|anfang|mitte|ende) )*${MONTH}(?: ?\\d{4})?|(?:anfang|mitte|ende) .*`);
const DAY_MONTH_YEAR = [
  `(?<day>\\d{1,2})[.,]? ?${MONTH},? ?${YEAR}?`,
  `(?<ordinal>${oneOf(ORDINALS.keys())}) ${MONTH} ?${YEAR}?`,
  "(?<year>\\d{4})[\\-./](?<month>\\d{1,2})[\\-./](?<day>\\d{1,2})",
  `(?<day>\\d{1,2}) ?[.,/\\- ] ?(?<month>\\d{1,2}) ?[.,/\\- ] ?${YEAR}\\.?`,
  "(?<day>\\d{1,2}) ?[./] ?(?<month>\\d{1,2}) ?\\.?",
].map(whole);

/**
 * The day that the text means as of today. A weekday that does not fit its date is asked about.
 * @param {string} text
 * @param {Date} today
 * @param {When} when
 * @returns {Date | Unclear}
 */
export function readDay(text, today, when = "any") {
  const day = read(spelled(text), noon(today), when);
  if (isUnclear(day)) return day;
  return FIRST_YEAR <= day.getFullYear() && day.getFullYear() <= LAST_YEAR ? day : unclear(NOT_UNDERSTOOD);
}

/**
 * The text as a day with its year: what is relative today must not move while an entry waits. What is not clear stays.
 * @param {string} text
 * @param {Date} today
 */
export function fixed(text, today) {
  const day = readDay(text, today, "past");
  return isUnclear(day) ? text.trim() : written(day);
}

/** @type {[RegExp, (match: RegExpExecArray, today: Date, when: When) => Date | Unclear][]} */
const READERS = [
  [AGO, ago],
  [SEVERAL_DAYS, () => unclear(ONE_DAY)],
  [WHICH_WEEKDAY, ofWeekday],
  [WEEK_AND_WEEKDAY, ofWeek],
  [WEEKDAY_AND_WEEK, ofWeek],
  [WEEKDAY_AND_DAY, (match, today, when) => ofWeekdayAndDay(match, read(part(match, "day").trim(), today, when))],
  [DAY_ALONE, ofDayAlone],
  ...DAY_MONTH_YEAR.map((pattern) => /** @type {[RegExp, typeof ofParts]} */ ([pattern, ofParts])),
  [EIGHT_DIGITS, ofEightDigits],
  [MONTH_ALONE, () => unclear(WHICH_DAY)],
];

/**
 * @param {string} spelledText
 * @param {Date} today
 * @param {When} when
 * @returns {Date | Unclear}
 */
function read(spelledText, today, when) {
  const iso = ISO.exec(spelledText);
  if (iso) return ofIso(iso);
  const text = spelledText
    .replace(DOT_BEHIND_WORD, "")
    .replace(CLOCK_BEHIND, "")
    .replace(PART_BEHIND, "")
    .replace(PART_OF_WEEKDAY, "$1")
    .replace(WORD_BEFORE, "");
  const fromToday = DAYS_FROM_TODAY.get(text);
  if (fromToday !== undefined) return plus(today, fromToday);
  for (const [pattern, reader] of READERS) {
    const match = pattern.exec(text);
    if (match) return reader(match, today, when);
  }
  return unclear(NOT_UNDERSTOOD);
}
