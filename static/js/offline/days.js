// Days as people write them. What is relative today must not move while the entry waits.

const DAYS_AGO = new Map([
  ["heute", 0],
  ["gestern", 1],
  ["vorgestern", 2],
]);
const YEARS_BACK = 5;

/** @param {Date} day */
export const written = (day) => day.toLocaleDateString("de-DE", { day: "2-digit", month: "2-digit", year: "numeric" });

/**
 * „gestern“ and „1.3.“ as a day with its year, the last one that is not in the future; everything else as it is.
 * @param {string} text
 * @param {Date} today
 */
export function fixedDay(text, today) {
  const word = text.trim().toLowerCase();
  const daysAgo = DAYS_AGO.get(word);
  if (daysAgo !== undefined) {
    return written(new Date(today.getFullYear(), today.getMonth(), today.getDate() - daysAgo));
  }
  const match = /^(\d{1,2})\.\s*(\d{1,2})\.?$/.exec(word);
  if (!match) return text.trim();
  const [day, month] = [Number(match[1]), Number(match[2]) - 1];
  for (let year = today.getFullYear(); year > today.getFullYear() - YEARS_BACK; year -= 1) {
    const found = new Date(year, month, day);
    if (found.getMonth() === month && found <= today) return written(found);
  }
  return text.trim();
}

/**
 * Whether the portal has a chance to understand it; the portal itself judges when it is sent.
 * @param {string} text
 */
export const looksLikeDay = (text) =>
  /^\d{1,2}[.\-/ ] ?(\d{1,2}[.\-/ ]|\p{L}+) ?\d{2,4}$|^\d{4}-\d\d-\d\d$/u.test(text);
