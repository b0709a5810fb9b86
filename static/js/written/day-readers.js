// What each way of writing a day means. A `match` has named parts.

import {
  FIRST_YEAR,
  LAST_YEAR,
  NOT_UNDERSTOOD,
  around,
  dateOf,
  impossible,
  inWords,
  modulo,
  plus,
  weekdayOf,
  written,
} from "./calendar.js";
import { MONTH_WORDS, ORDINALS, WEEKDAYS, WEEKDAY_WORDS, WHICH } from "./day-words.js";
import { NUMBER_WORDS, isUnclear, part, unclear } from "./reading.js";

/**
 * @typedef {import("./reading.js").Unclear} Unclear
 * @typedef {"past" | "coming" | "any"} When which of the days that a text without a year may mean
 */

const YEARS_AROUND = 8; // 29 February comes every four years, at the turn of most centuries after eight

/** @param {RegExpExecArray} match */
export function ofIso(match) {
  const found = dateOf(Number(part(match, "year")), Number(part(match, "month")), Number(part(match, "day")));
  const offset = part(match, "offset");
  if (!offset || isUnclear(found)) return found;
  const day = written(found).split(".").reverse().join("-");
  const zone = offset === "z" ? "Z" : offset.replace(/^(...):?/u, "$1:");
  const moment = new Date(`${day}T${part(match, "hour").padStart(2, "0")}:${part(match, "minute")}:00${zone}`);
  if (Number.isNaN(moment.getTime())) return unclear(NOT_UNDERSTOOD);
  const here = moment.toLocaleDateString("sv-SE", { timeZone: "Europe/Berlin" }).split("-").map(Number);
  return dateOf(here[0] ?? 0, here[1] ?? 0, here[2] ?? 0); // a moment somewhere is a day here
}

/**
 * @param {RegExpExecArray} match
 * @param {Date} today
 */
export function ago(match, today) {
  const [count, unit] = [part(match, "count"), part(match, "unit")];
  const number = (NUMBER_WORDS.get(count) ?? Number(count)) * (part(match, "way") === "vor" ? -1 : 1);
  if (unit === "tag" || unit === "woche") return plus(today, number * (unit === "woche" ? 7 : 1));
  const months = today.getFullYear() * 12 + today.getMonth() + number * (unit === "jahr" ? 12 : 1);
  if (months < 12) return unclear(NOT_UNDERSTOOD);
  const last = new Date(Math.floor(months / 12), (months % 12) + 1, 0).getDate();
  return new Date(Math.floor(months / 12), months % 12, Math.min(today.getDate(), last), 12);
}

/** @param {RegExpExecArray} match */
const weekdayIn = (match) => WEEKDAY_WORDS.get(part(match, "weekday")) ?? 0;

/**
 * @param {RegExpExecArray} match
 * @param {Date} today
 * @param {When} when
 * @returns {Date | Unclear}
 */
export function ofWeekday(match, today, when) {
  const wanted = weekdayIn(match);
  const name = WEEKDAYS[wanted];
  const daysAgo = modulo(weekdayOf(today) - wanted, 7);
  const [last, coming] = [plus(today, -(daysAgo || 7)), plus(today, 7 - daysAgo)];
  const which = WHICH.get(part(match, "which"));
  if (which !== undefined) return ofOneOfThem(which, { wanted, today, last, coming });
  const others = when === "any" ? [last, coming] : [when === "past" ? last : coming];
  if (daysAgo === 0) return asked(`Heute ist ${name}. Welchen ${name} meinen Sie?`, today, ...others);
  if (when === "any") return asked(`Welchen ${name} meinen Sie?`, last, coming);
  return when === "past" ? last : coming;
}

/**
 * @param {number} which
 * @param {{ wanted: number, today: Date, last: Date, coming: Date }} days
 */
function ofOneOfThem(which, { wanted, today, last, coming }) {
  if (which === 0) return plus(today, wanted - weekdayOf(today));
  if (which < 0) return plus(last, 7 * (which + 1));
  if (plus(coming, -weekdayOf(coming)) > today) return coming; // in a week to come
  return asked(`Welchen ${WEEKDAYS[wanted]} meinen Sie?`, coming, plus(coming, 7));
}

/**
 * @param {RegExpExecArray} match
 * @param {Date} today
 */
export const ofWeek = (match, today) =>
  plus(today, 7 * (WHICH.get(part(match, "which")) ?? 0) + weekdayIn(match) - weekdayOf(today));

/**
 * @param {RegExpExecArray} match
 * @param {Date | Unclear} day what stands behind the weekday
 */
export function ofWeekdayAndDay(match, day) {
  const wanted = weekdayIn(match);
  if (isUnclear(day) || weekdayOf(day) === wanted) return day;
  const away = modulo(wanted - weekdayOf(day) + 3, 7) - 3; // the nearest one
  return asked(
    `Der ${written(day)} ist ein ${WEEKDAYS[weekdayOf(day)]}, kein ${WEEKDAYS[wanted]}. Welcher Tag war es?`,
    day,
    plus(day, away),
  );
}

/** From so many years or months before until as many after. */
const AWAY = Array.from({ length: 2 * YEARS_AROUND + 1 }, (_, index) => index - YEARS_AROUND);

/** @param {RegExpExecArray} match */
const dayIn = (match) => ORDINALS.get(part(match, "ordinal")) ?? Number(part(match, "day"));

/**
 * @param {RegExpExecArray} match
 * @param {Date} today
 * @param {When} when
 */
export function ofDayAlone(match, today, when) {
  const number = dayIn(match);
  const firsts = AWAY.map((away) => new Date(today.getFullYear(), today.getMonth() + away, 1));
  const found = firsts.map((first) => dateOf(first.getFullYear(), first.getMonth() + 1, number));
  const { last, coming } = around(found, today);
  if (!last || !coming) return unclear(`Den ${number}. eines Monats gibt es nicht.`);
  if (when === "any" && last < coming) return asked(`Welchen ${number}. meinen Sie?`, last, coming);
  return when === "past" ? last : coming;
}

/**
 * @param {RegExpExecArray} match
 * @param {Date} today
 * @param {When} when
 */
export function ofParts(match, today, when) {
  const [month, day] = [MONTH_WORDS.get(part(match, "word")) ?? Number(part(match, "month")), dayIn(match)];
  const [year, short] = [part(match, "year"), part(match, "short")];
  if (year) return dateOf(Number(year), month, day);
  if (short) return dateOf(Number(short) + (Number(short) > 68 ? 1900 : 2000), month, day);
  const found = AWAY.map((away) => dateOf(today.getFullYear() + away, month, day));
  const { last, coming } = around(found, today);
  if (!last || !coming) return impossible(`${day}.${month}.`, month, day);
  if (when !== "any") return when === "past" ? last : coming;
  return Number(today) - Number(last) <= Number(coming) - Number(today) ? last : coming;
}

/**
 * „01032022“ or „20220301“: never both, for no month has a number from 19 on.
 * @param {RegExpExecArray} match
 * @returns {Date | Unclear}
 */
export function ofEightDigits([text]) {
  const parts = [
    [text.slice(4), text.slice(2, 4), text.slice(0, 2)],
    [text.slice(0, 4), text.slice(4, 6), text.slice(6)],
  ];
  const days = parts.map(([year, month, day]) => dateOf(Number(year), Number(month), Number(day)));
  /** @param {Date | Unclear} day */
  const fits = (day) => !isUnclear(day) && FIRST_YEAR <= day.getFullYear() && day.getFullYear() <= LAST_YEAR;
  return days.find(fits) ?? unclear(NOT_UNDERSTOOD);
}

/**
 * @param {string} sentence
 * @param {Date[]} days
 */
const asked = (sentence, ...days) => unclear(sentence, ...days.map(inWords));
