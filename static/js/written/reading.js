// What every reading needs: one spelling of a text, and an answer when it says nothing for certain.
// The same as kiv_portal/written/reading.py; both are held to the tables in tests/kiv_portal/written.

/**
 * @typedef {{ sentence: string, choices: string[] }} Unclear nothing is guessed: what to say, and what could be meant
 */

/** @type {Map<string, number>} */
export const NUMBER_WORDS = new Map([
  ...["ein", "eine", "einem", "einen", "einer"].map((word) => /** @type {[string, number]} */ ([word, 1])),
  ...Object.entries({ zwei: 2, zwo: 2, drei: 3, vier: 4, fünf: 5, sechs: 6, sieben: 7, acht: 8, neun: 9 }),
  ...Object.entries({ zehn: 10, elf: 11, zwölf: 12, fünfzehn: 15, zwanzig: 20, fünfundzwanzig: 25 }),
  ...Object.entries({ dreißig: 30, dreissig: 30, vierzig: 40, fünfundvierzig: 45, fünfzig: 50, sechzig: 60 }),
  ...Object.entries({ neunzig: 90, hundert: 100, hundertzwanzig: 120 }),
]);

const ZEROS = ["٠", "۰", "０"].map((zero) => /** @type {number} */ (zero.codePointAt(0)));

/** @param {string} digit */
function ours(digit) {
  const code = /** @type {number} */ (digit.codePointAt(0));
  const zero = ZEROS.find((first) => first <= code && code <= first + 9);
  return zero === undefined ? digit : String(code - zero);
}

/**
 * Small letters, composed, our digits, one plain space between words, no space and no comma around them.
 * @param {string} text
 */
export const spelled = (text) =>
  text
    .normalize("NFC")
    .toLowerCase()
    .replace(/[٠-٩۰-۹０-９]/g, ours)
    .replace(/\s+/g, " ")
    .replace(/^[ ,;]+|[ ,;]+$/g, "");

/**
 * Of a regular expression: any of the words, the longest first.
 * @param {Iterable<string>} words
 */
export const oneOf = (words) =>
  [...words]
    .sort((one, other) => other.length - one.length)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join("|");

/**
 * A regular expression for the whole text.
 * @param {string} pattern
 */
export const whole = (pattern) => new RegExp(`^(?:${pattern})$`, "u");

/**
 * @param {string} sentence
 * @param {string[]} choices
 * @returns {Unclear}
 */
export const unclear = (sentence, ...choices) => ({ sentence, choices });

/**
 * @param {unknown} answer
 * @returns {answer is Unclear}
 */
export const isUnclear = (answer) => typeof answer === "object" && answer !== null && "sentence" in answer;

/**
 * What a named group holds; empty where it took no part.
 * @param {RegExpExecArray} match
 * @param {string} name
 */
export const part = (match, name) => match.groups?.[name] ?? "";
