// How long a text of a report takes to read.

const WORDS_A_MINUTE = 180;
const LONG_TEXT = 1200; // words, as in reports/writing/readiness.py

/** @param {string} text */
export function readingTime(text) {
  const words = text.split(/\s+/).filter(Boolean).length;
  const minutes = Math.max(1, Math.round(words / WORDS_A_MINUTE));
  if (words === 0) return { sentence: "", isLong: false };
  const sentence = `${words} ${words === 1 ? "Wort" : "Wörter"}, etwa ${minutes} ${minutes === 1 ? "Minute" : "Minuten"} zu lesen`;
  return { sentence, isLong: words > LONG_TEXT };
}
