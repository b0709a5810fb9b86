// Durations as people write and read them.

/**
 * @param {number} number
 * @param {string} one
 * @param {string} many
 */
const counted = (number, one, many) => `${number} ${number === 1 ? one : many}`;

/** @param {number} minutes */
export function hoursAndMinutes(minutes) {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const parts = [hours && counted(hours, "Stunde", "Stunden"), rest && counted(rest, "Minute", "Minuten")];
  return parts.filter(Boolean).join(" ");
}

/**
 * A bare number is meant in minutes; „1h30“ says for itself what it is.
 * @param {string} text
 */
export const withUnit = (text) => (/^\d+$/.test(text) ? counted(Number(text), "Minute", "Minuten") : text);

/** @param {string} text */
export const looksLikeDuration = (text) => /\d/.test(text);
