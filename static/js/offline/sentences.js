// What the pages say about the queue and the connection.

/**
 * @param {number} number
 * @param {string} one
 * @param {string} many
 */
const counted = (number, one, many) => (number === 1 ? `1 ${one}` : `${number} ${many}`);

/** @param {number} number */
export const waitForConnection = (number) =>
  counted(number, "Eintrag wartet auf Verbindung", "Einträge warten auf Verbindung");

/** @param {number} number */
export const needHelp = (number) => counted(number, "Eintrag braucht Ihre Hilfe", "Einträge brauchen Ihre Hilfe");

/** @param {number} number */
export const notInPortal = (number) => `${counted(number, "Eintrag ist", "Einträge sind")} noch nicht im Portal.`;

/**
 * Empty where nothing waits.
 * @param {number} waiting
 * @param {number} refused
 */
export const queueInShort = (waiting, refused) =>
  [waiting && waitForConnection(waiting), refused && needHelp(refused)].filter(Boolean).join(", ");

/** @param {number} number */
export const errorTitle = (number) =>
  number === 1 ? "Eine Angabe fehlt oder passt nicht" : `${number} Angaben fehlen oder passen nicht`;

/** @param {number} bytes */
export const photoSize = (bytes) =>
  bytes < 100_000
    ? `${Math.max(1, Math.round(bytes / 1000))} Kilobyte`
    : `${(bytes / 1e6).toLocaleString("de-DE", { maximumFractionDigits: 1 })} Megabyte`;

/** @typedef {"unknown" | "ready" | "lost" | "signed-out" | "forbidden" | "other-account"} Connection */

/**
 * Empty where there is nothing new to say.
 * @param {Connection} connection
 * @param {{ isPrepared: boolean, isSignedOut: boolean, isOnline: boolean }} browser
 */
export function connectionInWords(connection, { isPrepared, isSignedOut, isOnline }) {
  if (connection === "signed-out" || isSignedOut) return "Bitte melden Sie sich an, dann geht es weiter.";
  if (connection === "forbidden") return "Mit diesem Konto erfassen Sie keine Aktivitäten.";
  if (connection === "other-account") return "Hier ist jetzt ein anderes Konto angemeldet.";
  if (!isPrepared)
    return "Auf diesem Gerät ist noch nichts vorbereitet. Bitte melden Sie sich einmal mit Verbindung an.";
  if (connection === "ready") return "Die Verbindung zum Portal steht.";
  if (connection !== "lost") return "";
  return isOnline
    ? "Das Portal antwortet gerade nicht. Wir versuchen es wieder."
    : "Zurzeit gibt es keine Verbindung. Ihre Einträge warten auf diesem Gerät.";
}
