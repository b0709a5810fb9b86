// The form of the kept page: a new entry, or one that waits. It is stored in this browser, never sent from here.

import { say } from "../announce.js";
import { byId, element } from "../dom.js";
import { choicesFor, offer } from "./choices.js";
import { draftsOf } from "./drafts.js";
import { FIELDS, isRefused, problems, withoutQuestion } from "./entry.js";
import { clearErrors, showErrors } from "./form-errors.js";
import { questionList, reasonToAsk } from "./questions.js";
import { account } from "./send.js";
import { photoSize } from "./sentences.js";
import * as store from "./store.js";
import { fixed, written } from "../written/days.js";

/** @import { ChosenPhoto, Entry, Errors, Fields, Photo, Question, TypedEntry } from "./entry.js" */
/** @import { Choice, Town } from "./choices.js" */
/** @import { Control } from "./form-errors.js" */
/** @import { Account } from "./store.js" */
/** @typedef {{ towns: Town[], fields: Choice[], kinds: Choice[] }} Offered */

const PHOTO_BYTES = 15 * 1024 * 1024;
const SIGNED_OUT = "Sie sind abgemeldet. Bitte melden Sie sich zuerst an.";
const FULL = "Auf diesem Gerät ist kein Platz mehr dafür. Vielleicht hilft es, das Foto wegzulassen.";
const TOO_LARGE = "Dieses Foto ist größer als 15 Megabyte. Bitte wählen Sie eine kleinere Fassung.";
const UNREADABLE = "Dieses Foto lässt sich nicht lesen. Bitte wählen Sie es noch einmal.";

const form = byId("unterwegs-form", HTMLFormElement);
const title = byId("unterwegs-form-titel", HTMLElement);
const townPart = byId("unterwegs-kommune", HTMLElement);
const townSelect = byId("unterwegs_municipality", HTMLSelectElement);
const fieldSelect = byId("unterwegs_field", HTMLSelectElement);
const kindSelect = byId("unterwegs_kind", HTMLSelectElement);
const photoInput = byId("unterwegs_photo", HTMLInputElement);
const photoAlt = byId("unterwegs_photo_alt", HTMLInputElement);
const isDecorative = byId("unterwegs_photo_decorative", HTMLInputElement);
const questionPart = byId("unterwegs-pruefen", HTMLElement);

const drafts = draftsOf(form, {
  reset: () => fill(editing),
  files: () => (chosen && chosen !== editing?.photo ? [chosen.name] : []),
});

/** @type {Entry | null} the entry in the form, null for a new one */
let editing = null;
/** @type {ChosenPhoto | null} */
let chosen = null;
let last = { field: "", kind: "" };
/** @type {Offered} what the portal last sent for this account */
let offered = { towns: [], fields: [], kinds: [] };

/**
 * @param {string} name
 * @returns {Control | null}
 */
function controlOf(name) {
  const found = document.getElementById(`unterwegs_${name}`);
  const isControl =
    found instanceof HTMLInputElement || found instanceof HTMLSelectElement || found instanceof HTMLTextAreaElement;
  return isControl ? found : null;
}

/** @returns {Fields} */
function typedFields() {
  const typed = FIELDS.map((name) => [name, controlOf(name)?.value.trim() ?? ""]);
  const fields = /** @type {Fields} */ (Object.fromEntries(typed));
  return { ...fields, day: fixed(fields.day, new Date()) };
}

/** @returns {Photo | null} */
function typedPhoto() {
  const alt = isDecorative.checked ? "" : photoAlt.value.trim();
  return chosen && { ...chosen, alt, isDecorative: isDecorative.checked };
}

/**
 * @param {Fields} fields
 * @returns {TypedEntry}
 */
function typedEntry(fields) {
  const before = editing ?? { key: crypto.randomUUID(), typedAt: Date.now(), confirmed: "" };
  return { ...before, account: account(), fields, photo: typedPhoto(), errors: {}, questions: [] };
}

/** @param {(saved: { title: string, wasNew: boolean }) => Promise<void>} saved */
async function save(saved) {
  const fields = typedFields();
  const errors = account() ? problems(fields, { asksTown: !townPart.hidden }) : { __all__: [SIGNED_OUT] };
  if (isRefused({ errors })) return showErrors(form, errors, controlOf);
  const wasNew = editing === null;
  form.inert = true; // until it is stored: a second press makes no second entry, and clearing takes away nothing new
  try {
    await store.put(typedEntry(fields), { isNew: wasNew });
  } catch {
    return showErrors(form, { __all__: [FULL] }, controlOf);
  } finally {
    form.inert = false;
  }
  last = { field: fields.field, kind: fields.kind };
  drafts.forget();
  fill(null);
  bringBack();
  await saved({ title: fields.title, wasNew });
}

const blank = () => ({
  fields: { day: written(new Date()), ...last },
  photo: null,
  errors: /** @type {Errors} */ ({}),
  questions: /** @type {Question[]} */ ([]),
});

/** @param {Entry | null} entry */
function fill(entry) {
  editing = entry;
  clearErrors(form);
  form.reset();
  const { fields, photo, errors, questions } = entry ?? blank();
  chooseTown(entry?.fields.municipality);
  for (const [name, value] of Object.entries(fields)) {
    const control = controlOf(name);
    if (control && value) control.value = value;
  }
  chosen = photo;
  photoAlt.value = photo?.alt ?? "";
  isDecorative.checked = photo?.isDecorative ?? false;
  questionPart.hidden = !questions.length;
  byId("unterwegs-stellen", HTMLElement).replaceChildren(
    element("p", { textContent: reasonToAsk(questions) }),
    questionList(questions),
  );
  title.textContent = entry ? "Wartenden Eintrag ändern" : "Aktivität erfassen";
  byId("unterwegs-abbrechen", HTMLElement).hidden = !entry;
  showPhoto();
  showErrors(form, withoutQuestion(errors), controlOf, { focus: false });
}

/** @param {Entry} entry */
export function openEntry(entry) {
  drafts.keep();
  fill(entry);
  bringBack();
  const asked = controlOf(entry.questions[0]?.field ?? "");
  (document.getElementById("fehler") ?? asked ?? title).focus();
}

/**
 * An entry is gone: it is not in the form any longer, either.
 * @param {Entry} entry
 */
export function closeEntry(entry) {
  if (editing?.key !== entry.key) return;
  drafts.forget();
  fill(null);
  bringBack();
}

/** What was typed here before and not saved; once the towns and their fields are there to choose from. */
export const bringBack = () => drafts.bringBack(editing?.key);

export const focusForm = () => title.focus();

/** @param {Offered} account */
export function showOffered({ towns, fields, kinds }) {
  offered = { towns, fields, kinds };
  offer(townSelect, new Map(towns.map((town) => [String(town.id), town.name])), editing?.fields.municipality);
  townPart.hidden = towns.length < 2;
  showProgramme();
}

/**
 * Titles to choose from, and field and kind of the entry before, the latest first: those that wait here know more than
 * the portal. Comes before what is offered.
 * @param {Entry[]} waiting
 * @param {Pick<Account, "titles" | "last"> | undefined} kept
 */
export function startLikeBefore(waiting, kept) {
  const newest = waiting.at(-1)?.fields ?? kept?.last;
  if (newest && !last.field && !last.kind) last = { field: newest.field, kind: newest.kind };
  const titles = [...waiting.map((entry) => entry.fields.title).reverse(), ...(kept?.titles ?? [])];
  const options = [...new Set(titles)].map((value) => element("option", { value }));
  byId("unterwegs-titel-vorschlaege", HTMLElement).replaceChildren(...options);
}

/** @param {string} [town] its id */
function chooseTown(town = "") {
  townSelect.value = town;
  showProgramme();
}

/** Fields and kinds of the chosen town's county. */
function showProgramme() {
  const { towns, fields, kinds } = offered;
  const wanted = editing?.fields ?? last;
  offer(fieldSelect, choicesFor(fields, towns, townSelect.value), wanted.field);
  offer(kindSelect, choicesFor(kinds, towns, townSelect.value), wanted.kind);
}

function showPhoto() {
  byId("unterwegs-foto-da", HTMLElement).hidden = !chosen;
  byId("unterwegs-foto-text", HTMLElement).hidden = !chosen;
  byId("unterwegs-foto-name", HTMLElement).textContent = chosen ? `${chosen.name}, ${photoSize(chosen.blob.size)}` : "";
}

// The bytes, not the file: a file on the phone may move or change before it is sent.
async function takePhoto() {
  const file = photoInput.files?.[0];
  if (!file) return;
  photoInput.value = "";
  if (file.size > PHOTO_BYTES) return showErrors(form, { photo: [TOO_LARGE] }, controlOf);
  try {
    const blob = new Blob([await file.arrayBuffer()], { type: file.type });
    chosen = { blob, name: file.name, key: crypto.randomUUID() };
    showPhoto();
    say("Das Foto ist dabei.");
  } catch {
    showErrors(form, { photo: [UNREADABLE] }, controlOf);
  }
}

function removePhoto() {
  chosen = null;
  showPhoto();
  photoInput.focus();
}

/**
 * The empty form, ready for typing.
 * @param {{ saved: (saved: { title: string, wasNew: boolean }) => Promise<void> }} listeners
 */
export function startForm({ saved }) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save(saved);
  });
  townSelect.addEventListener("change", showProgramme);
  photoInput.addEventListener("change", takePhoto);
  byId("unterwegs-foto-weg", HTMLElement).addEventListener("click", removePhoto);
  byId("unterwegs-abbrechen", HTMLElement).addEventListener("click", () => {
    drafts.forget();
    fill(null);
    bringBack();
    title.focus();
  });
  fill(null);
}
