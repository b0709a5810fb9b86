// A duration as people write it: „1h30“, „1½ Std.“, „anderthalb Stunden“, „14–16 Uhr“.
// The same as kiv_portal/written/durations.py; both are held to one table.

import { HALVES, MINUTES_PER_HOUR, NOUNS, SIGNS, UNITS, amountOf, hoursAndMinutes } from "./amounts.js";
import { NUMBER_WORDS, isUnclear, oneOf, part, spelled, unclear, whole } from "./reading.js";

export { hoursAndMinutes };

/**
 * @typedef {import("./reading.js").Unclear} Unclear
 * @typedef {{ minutes: number, startsAt: string }} Duration when it began: „14:30“, or empty
 */

const MOST_BARE_HOURS = 8; // a bare number up to here may be hours as well as minutes
const FIRST_HOUR_OF_DAY = 7; // from here on „9:30“ may be a time of day as well as a duration, and „9-12“ is one

export const NOT_UNDERSTOOD =
  "Diese Dauer verstehen wir nicht. Bitte schreiben Sie zum Beispiel 90, 1h30, 1,5 Stunden oder 14–16 Uhr.";
const HOW_MANY_HOURS = "Wie viele Stunden waren das? Bitte schreiben Sie zum Beispiel 4 Stunden.";
const WHEN_DID_IT_END =
  "Das ist eine Uhrzeit. Bitte schreiben Sie auch das Ende, zum Beispiel „14:30–16 Uhr“, oder wie lange es gedauert hat.";
const END_BEFORE_START = "Das Ende liegt vor dem Beginn. Ging es über Mitternacht, schreiben Sie bitte die Dauer.";
const CLOCK_OR_LENGTH = "Sind das Uhrzeiten, oder ist es eine Spanne? Bitte wählen Sie.";
const ONE_DURATION = "Bitte geben Sie eine einzige Dauer an.";

const AROUND =
  /^(?:(?:ca|circa|zirka|etwa|ungefähr|ungef|rund|gut|knapp|fast|insgesamt)(?![\p{L}\p{N}_])\.? ?|[~≈] ?)+|[ ,]*(?:lang|lange|insgesamt)$/gu;
const AMOUNT =
  "\\d+ (?:und )?\\d/\\d|\\d/\\d|\\d+(?:[.,]\\d+)?" +
  `|(?:(?:ein|eine|einer) )?(?:${oneOf(HALVES.keys())})|${oneOf(NUMBER_WORDS.keys())}`;
const UNIT = `(?:${oneOf(UNITS.keys())})\\.?`;
const PART = new RegExp(
  `(?<amount>${AMOUNT}) ?(?<unit>${UNIT})(?![\\p{L}_])|(?:eine?r? )?(?<noun>${oneOf(NOUNS.keys())})`,
  "uy",
);
const BETWEEN = / ?(?:,|und)? ?/uy;
const COLON = whole("(?<hours>\\d{1,2}):(?<minutes>\\d{2})(?<unit> ?(?:h|std|stunden?)\\.?)?");
const BARE = /^\d{1,4}$/u;
const BARE_DECIMAL = whole(`\\d{1,2}[.,]\\d+|\\d{1,2} \\d/\\d|\\d/\\d|${oneOf(HALVES.keys())}`);
const UNCERTAIN_DECIMAL = /^(?<whole>\d{1,2})[.,](?<part>[0-5]\d)(?= ?(?:h|std|stunden?|$))/u;
const QUARTERS = ["00", "25", "50", "75"];
const DAYS = whole(
  "(?:(?:einen?|ein|den|der|ganzer?|ganzen|halber?|halben|\\d+) )*(?:arbeits)?(?:tage?|vormittag|nachmittag|abend|morgen)",
);
/** @param {string} end */
const timeCalled = (end) =>
  `(?<${end}Hour>\\d{1,2})(?:[:.](?<${end}Minute>\\d{2}))?(?<${end}Word> ?uhr)?(?: ?(?<${end}Behind>\\d{2}))?`;
const FROM_TO = whole(`(?<said>von |ab )?${timeCalled("from")} ?(?:-|–|—|bis) ?(?:ca\\.? )?${timeCalled("to")}`);
const TIME_ALONE = whole("(?:um |ab |gegen )?\\d{1,2}(?:[:.]\\d{2})? ?uhr(?: ?\\d{2})?");
const TIME_AND_LENGTH = whole(
  "(?:um |ab |gegen )?(?<hour>\\d{1,2})(?:[:.](?<minute>\\d{2}))? ?uhr[, ]+(?<length>\\D*\\d.*|.*stunde.*)",
);
const LENGTHS = whole(
  `(?<low>\\d{1,4}(?:,\\d)?) ?(?:${UNIT})? ?(?:-|–|—|bis|oder) ?(?<high>\\d{1,4}(?:,\\d)?) ?(?<unit>${UNIT})`,
);

/**
 * The duration that the text means.
 * @param {string} typed
 * @returns {Duration | Unclear}
 */
export function readDuration(typed) {
  let text = spelled(typed).replace(AROUND, "").trim();
  for (const [sign, fraction] of Object.entries(SIGNS)) {
    text = text.replace(new RegExp(`(?<=\\d) ?${sign}`, "gu"), ` ${fraction}`).replaceAll(sign, fraction);
  }
  for (const [pattern, reader] of READERS) {
    const match = pattern.exec(text);
    const answer = match && reader(match);
    if (answer) return answer;
  }
  const minutes = ofParts(text);
  return minutes === null ? unclear(NOT_UNDERSTOOD) : lasting(minutes);
}

/** The first that has an answer has the last word. @type {[RegExp, (match: RegExpExecArray) => Duration | Unclear | null][]} */
const READERS = [
  [FROM_TO, fromTo],
  [TIME_AND_LENGTH, timeAndLength],
  [TIME_ALONE, () => unclear(WHEN_DID_IT_END)],
  [LENGTHS, oneOfTwo],
  [COLON, ofColon],
  [UNCERTAIN_DECIMAL, ofUncertainDecimal],
  [BARE, ([text]) => ofBare(Number(text))],
  [BARE_DECIMAL, ([text]) => ofBareDecimal(text)],
  [DAYS, () => unclear(HOW_MANY_HOURS)],
];

/**
 * What was typed, as it is understood: „90“ is „1 Stunde 30 Minuten“. What is not clear stays as it is.
 * @param {string} text
 */
export function inWords(text) {
  const duration = readDuration(text);
  if (isUnclear(duration)) return text;
  return duration.startsAt
    ? `${hoursAndMinutes(duration.minutes)} ab ${duration.startsAt} Uhr`
    : hoursAndMinutes(duration.minutes);
}

/**
 * Halves up, as people do it.
 * @param {number} minutes
 */
const round = (minutes) => Math.floor(minutes + 0.5 + 1e-9);

/**
 * @param {number} minutes
 * @param {number | null} start minutes since midnight
 * @returns {Duration}
 */
function lasting(minutes, start = null) {
  const clock = start === null ? [] : [Math.floor(start / MINUTES_PER_HOUR), start % MINUTES_PER_HOUR];
  return { minutes: round(minutes), startsAt: clock.map((number) => String(number).padStart(2, "0")).join(":") };
}

/** @param {RegExpExecArray} match */
function fromTo(match) {
  const [start, end] = [timeIn(match, "from"), timeIn(match, "to")];
  if (start === null || end === null) return unclear(NOT_UNDERSTOOD);
  const isClock = ["said", "fromWord", "toWord", "fromMinute", "toMinute"].some((name) => part(match, name));
  if (!isClock && start < FIRST_HOUR_OF_DAY * MINUTES_PER_HOUR) {
    const hours = [part(match, "fromHour"), part(match, "toHour")];
    const lengths = hours.map((hour) => hoursAndMinutes(Number(hour) * MINUTES_PER_HOUR));
    return unclear(CLOCK_OR_LENGTH, `${hours.join("–")} Uhr`, ...lengths);
  }
  return end <= start ? unclear(END_BEFORE_START) : lasting(end - start, start);
}

/**
 * „14:30“, „14.30 Uhr“, „14 Uhr 30“; a number behind it without the word is none.
 * @param {RegExpExecArray} match
 * @param {"from" | "to"} end
 */
function timeIn(match, end) {
  const behind = part(match, `${end}Behind`);
  if (behind && !part(match, `${end}Word`)) return null;
  return timeOf(part(match, `${end}Hour`), part(match, `${end}Minute`) || behind);
}

/**
 * Minutes since midnight; an end at 24 o'clock is one.
 * @param {string} hour
 * @param {string} minute
 */
function timeOf(hour, minute) {
  const minutes = Number(hour) * MINUTES_PER_HOUR + Number(minute);
  return Number(minute) < MINUTES_PER_HOUR && minutes <= 24 * MINUTES_PER_HOUR ? minutes : null;
}

/** @param {RegExpExecArray} match */
function timeAndLength(match) {
  const start = timeOf(part(match, "hour"), part(match, "minute"));
  if (start === null || start === 24 * MINUTES_PER_HOUR) return unclear(NOT_UNDERSTOOD);
  const length = readDuration(part(match, "length"));
  if (isUnclear(length)) return length;
  return length.startsAt ? unclear(NOT_UNDERSTOOD) : lasting(length.minutes, start);
}

/** @param {string} unit */
const minutesIn = (unit) => UNITS.get(unit.replace(/\.$/u, "")) ?? 1;

/** @param {RegExpExecArray} match */
function oneOfTwo(match) {
  const factor = minutesIn(part(match, "unit"));
  const both = [part(match, "low"), part(match, "high")].map((end) =>
    hoursAndMinutes(round(Number(end.replace(",", ".")) * factor)),
  );
  return unclear(ONE_DURATION, ...both);
}

/** @param {RegExpExecArray} match */
function ofColon(match) {
  const written = match[0].trim();
  const [hours, minutes] = [Number(part(match, "hours")), Number(part(match, "minutes"))];
  if (minutes >= MINUTES_PER_HOUR) return unclear(NOT_UNDERSTOOD);
  const total = hours * MINUTES_PER_HOUR + minutes;
  if (hours < FIRST_HOUR_OF_DAY || part(match, "unit")) return lasting(total);
  const length = hoursAndMinutes(total);
  return unclear(
    `Ist ${written} eine Uhrzeit? Dann schreiben Sie bitte auch das Ende, zum Beispiel ` +
      `„${written}–${Math.min(hours + 1, 24)}:${part(match, "minutes")} Uhr“. Oder dauerte es ${length}?`,
    length,
  );
}

/**
 * Who writes 1.30 means 1:30 as often as 1,3.
 * @param {RegExpExecArray} match
 */
function ofUncertainDecimal(match) {
  const [hours, places] = [Number(part(match, "whole")), part(match, "part")];
  if (QUARTERS.includes(places)) return null;
  const asMinutes = hoursAndMinutes(hours * MINUTES_PER_HOUR + Number(places));
  const asDecimal = hoursAndMinutes(round(((hours * 100 + Number(places)) * MINUTES_PER_HOUR) / 100));
  return unclear(`Meinen Sie ${asMinutes} oder ${hours},${places} Stunden?`, asMinutes, asDecimal);
}

/** @param {number} number */
function ofBare(number) {
  if (number < 1 || number > MOST_BARE_HOURS) return lasting(number);
  const [hours, minutes] = [hoursAndMinutes(number * MINUTES_PER_HOUR), hoursAndMinutes(number)];
  return unclear(`Meinen Sie ${hours} oder ${minutes}?`, hours, minutes);
}

/** @param {string} text */
function ofBareDecimal(text) {
  const amount = amountOf(text);
  return amount === null ? null : lasting(amount * MINUTES_PER_HOUR);
}

/**
 * One amount with its unit behind the other; minutes behind hours need none.
 * @param {string} text
 */
function ofParts(text) {
  if (!text) return null;
  let [total, at, hasHours] = [0, 0, false];
  while (at < text.length) {
    if (hasHours && /^\d{1,2}$/u.test(text.slice(at))) {
      const minutes = Number(text.slice(at));
      return minutes < MINUTES_PER_HOUR ? total + minutes : null;
    }
    PART.lastIndex = at;
    const match = PART.exec(text);
    if (!match) return null;
    const noun = NOUNS.get(part(match, "noun"));
    if (noun !== undefined) {
      total += noun;
    } else {
      const number = amountOf(part(match, "amount"));
      if (number === null) return null;
      const factor = minutesIn(part(match, "unit"));
      total += number * factor;
      hasHours = factor === MINUTES_PER_HOUR;
    }
    BETWEEN.lastIndex = PART.lastIndex;
    BETWEEN.exec(text);
    at = BETWEEN.lastIndex;
  }
  return total;
}
