// An entry that waits in this browser: what it holds, what it lacks, and what becomes of it when it is sent.

import { readDay } from "../written/days.js";
import { readDuration } from "../written/durations.js";
import { isUnclear } from "../written/reading.js";

/**
 * @typedef {{ blob: Blob, name: string, key: string }} ChosenPhoto
 * @typedef {ChosenPhoto & { alt: string, isDecorative: boolean }} Photo
 * @typedef {"title" | "municipality" | "day" | "minutes" | "field" | "kind" | "description"} FieldName
 * @typedef {Record<FieldName, string>} Fields
 * @typedef {Record<string, string[]>} Errors by the name of a field; "__all__" for the whole
 * @typedef {{ field: string, label: string, before: string, excerpt: string, after: string, why: string,
 *   answer?: string, is_public_text?: boolean }} Question of the portal: a place in what was typed, why it is asked for, and
 *   the word that leaves it
 *
 * @typedef {object} TypedEntry
 * @property {string} key made here, unique in the portal
 * @property {string} account
 * @property {number} typedAt
 * @property {Fields} fields
 * @property {Photo | null} photo
 * @property {string} confirmed the places that may stay, as the person has answered
 * @property {Errors} errors why the portal has refused it
 * @property {Question[]} questions of the portal, as long as they are not answered
 *
 * @typedef {object} State
 * @property {number} version of the form
 * @property {number} changedAt
 * @property {boolean} isTried the portal may have it
 * @property {boolean} isChanged after a try
 * @property {string} seen the places that the portal asks about
 *
 * @typedef {TypedEntry & State} Entry
 */

const VERSION = 1;
/** @type {FieldName[]} */
export const FIELDS = ["title", "municipality", "day", "minutes", "field", "kind", "description"];
/** @type {[FieldName, string][]} */
const REQUIRED = [
  ["title", "Bitte geben Sie der Aktivität einen Titel."],
  ["municipality", "Bitte wählen Sie eine Kommune."],
  ["day", "Bitte geben Sie ein Datum an."],
  ["minutes", "Bitte geben Sie an, wie lange es gedauert hat."],
  ["field", "Bitte wählen Sie ein Handlungsfeld oder Querschnitt."],
  ["kind", "Bitte wählen Sie eine Art."],
];

/**
 * What can be seen without the portal.
 * @param {Fields} fields
 * @param {{ asksTown: boolean }} form
 * @returns {Errors}
 */
export function problems(fields, { asksTown }) {
  /** @type {Errors} */
  const errors = {};
  for (const [name, sentence] of REQUIRED) {
    if (!fields[name] && (name !== "municipality" || asksTown)) errors[name] = [sentence];
  }
  const day = fields.day && readDay(fields.day, new Date(), "past");
  if (isUnclear(day)) errors.day = [day.sentence];
  const duration = fields.minutes && readDuration(fields.minutes);
  if (isUnclear(duration)) errors.minutes = [duration.sentence];
  return errors;
}

/** @param {Pick<Entry, "errors">} entry */
export const isRefused = (entry) => Object.keys(entry.errors).length > 0;

/** @param {Pick<Entry, "errors">} entry */
export const isWaiting = (entry) => !isRefused(entry);

/** The portal's question comes among the errors, too, so that an entry waits for its answer. It is none. */
const QUESTION = "privacy_checked";

/**
 * @param {Errors} errors
 * @returns {Errors}
 */
export const withoutQuestion = (errors) =>
  Object.fromEntries(Object.entries(errors).filter(([name]) => name !== QUESTION));

/** @param {Pick<Entry, "errors">} entry */
export const reasons = (entry) => Object.values(withoutQuestion(entry.errors)).flat();

/** @param {Pick<Entry, "errors" | "questions">} entry whether nothing else keeps it from being sent */
export const isOnlyAsked = (entry) => entry.questions.length > 0 && reasons(entry).length === 0;

/**
 * "Darf so bleiben", "So speichern".
 * @param {Entry} entry
 * @returns {Entry}
 */
export const confirmedAsItIs = (entry) => ({
  ...entry,
  confirmed: entry.seen,
  questions: [],
  errors: withoutQuestion(entry.errors),
});

/**
 * Form versions up to today's; there is one so far.
 * @param {Partial<Entry> & Pick<Entry, "key">} kept
 * @returns {Entry}
 */
export const readable = (kept) =>
  /** @type {Entry} */ ({
    errors: {},
    questions: [],
    photo: null,
    isTried: false,
    isChanged: false,
    confirmed: "",
    ...kept,
  });

/**
 * What was tried or sent while the entry was open in the form counts: the portal may have an earlier state of it.
 * @param {TypedEntry} typed
 * @param {Partial<Entry> | undefined} now what is stored at this moment; nothing for a new one, or one that was sent meanwhile
 * @param {{ isNew: boolean, at: number }} circumstances
 * @returns {Entry}
 */
export function toStore(typed, now, { isNew, at }) {
  const isTried = now ? Boolean(now.isTried) : !isNew;
  return { ...typed, version: VERSION, changedAt: at, isTried, isChanged: isTried, seen: now?.seen ?? "" };
}

/**
 * The portal has it. Changed in another tab while it was on its way: that has to go, too.
 * @param {Entry} now
 * @param {Entry} sent
 */
export const afterArrival = (now, sent) => (now.changedAt === sent.changedAt ? null : { ...now, isChanged: true });

/**
 * As the portal reads it: activities/offline/views.py.
 * @param {Entry} entry
 */
export function formOf(entry) {
  const form = new FormData();
  for (const name of FIELDS) if (entry.fields[name]) form.append(name, entry.fields[name]);
  form.append("account", entry.account);
  form.append("entry_key", entry.key);
  if (entry.isChanged) form.append("is_changed_since_sending", "1");
  if (entry.confirmed) form.append(QUESTION, entry.confirmed);
  if (entry.photo) {
    form.append("photo", entry.photo.blob, entry.photo.name);
    form.append("photo_key", entry.photo.key);
    form.append("photo_alt", entry.photo.alt);
    if (entry.photo.isDecorative) form.append("photo_decorative", "on");
  }
  return form;
}
