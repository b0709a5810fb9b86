import assert from "node:assert/strict";
import { test } from "node:test";

import {
  FIELDS,
  afterArrival,
  confirmedAsItIs,
  formOf,
  isOnlyAsked,
  isRefused,
  isWaiting,
  problems,
  readable,
  reasons,
  toStore,
} from "../../static/js/offline/entry.js";

const FILLED = {
  title: "Rampe geprüft",
  municipality: "7",
  day: "01.03.2022",
  minutes: "1h30",
  field: "5",
  kind: "begehung",
  description: "",
};
const PHOTO = { blob: new Blob(["jpeg"]), name: "rampe.jpg", key: "photo-key", alt: "Eine Rampe", isDecorative: false };
const TYPED = {
  key: "k",
  account: "12",
  typedAt: 1,
  fields: FILLED,
  photo: null,
  confirmed: "",
  errors: {},
  questions: [],
};
const STORED = toStore(TYPED, undefined, { isNew: true, at: 1000 });
const asks = { asksTown: true };

test("a filled form lacks nothing", () => {
  assert.deepEqual(problems(FILLED, asks), {});
});

test("each thing that is missing has its own sentence, in the order of the form", () => {
  const nothing = Object.fromEntries(FIELDS.map((name) => [name, ""]));
  assert.deepEqual(problems(nothing, asks), {
    title: ["Bitte geben Sie der Aktivität einen Titel."],
    municipality: ["Bitte wählen Sie eine Kommune."],
    day: ["Bitte geben Sie ein Datum an."],
    minutes: ["Bitte geben Sie an, wie lange es gedauert hat."],
    field: ["Bitte wählen Sie ein Handlungsfeld oder Querschnitt."],
    kind: ["Bitte wählen Sie eine Art."],
  });
  assert.deepEqual(Object.keys(problems(nothing, asks)), ["title", "municipality", "day", "minutes", "field", "kind"]);
});

test("who has one town only is not asked for it", () => {
  assert.deepEqual(problems({ ...FILLED, municipality: "" }, { asksTown: false }), {});
});

test("a day or a duration that nobody understands is asked for again", () => {
  const errors = problems({ ...FILLED, day: "neulich", minutes: "lange" }, asks);
  assert.match(errors.day[0], /^Dieses Datum verstehen wir nicht/);
  assert.match(errors.minutes[0], /^Diese Dauer verstehen wir nicht/);
  assert.deepEqual(Object.keys(errors), ["day", "minutes"]);
});

test("an entry with reasons is refused, any other waits", () => {
  const refused = { errors: { title: ["Zu lang."], day: ["Zu früh.", "Kein Sonntag."] } };
  assert.deepEqual([isRefused(refused), isWaiting(refused)], [true, false]);
  assert.deepEqual([isRefused({ errors: {} }), isWaiting({ errors: {} })], [false, true]);
  assert.deepEqual(reasons(refused), ["Zu lang.", "Zu früh.", "Kein Sonntag."]);
});

const ASKED = {
  ...STORED,
  errors: { privacy_checked: ["Bitte kurz prüfen."] },
  questions: [{ field: "title", label: "Titel", before: "", excerpt: "Frau M", after: "", why: "Ein Name." }],
  seen: "a1",
};

test("a question waits for its answer, and is no reason to refuse", () => {
  assert.deepEqual([isWaiting(ASKED), isOnlyAsked(ASKED), reasons(ASKED)], [false, true, []]);
  const wrong = { ...ASKED, errors: { ...ASKED.errors, day: ["Zu früh."] } };
  assert.deepEqual([isOnlyAsked(wrong), reasons(wrong)], [false, ["Zu früh."]]);
});

test("what may stay is sent along, and only the places that were shown", () => {
  const answered = confirmedAsItIs(ASKED);
  assert.deepEqual([isWaiting(answered), answered.questions, answered.confirmed], [true, [], "a1"]);
  assert.equal(formOf(ASKED).has("privacy_checked"), false);
});

test("a new entry was never tried", () => {
  assert.deepEqual(STORED, { ...TYPED, version: 1, changedAt: 1000, isTried: false, isChanged: false, seen: "" });
});

test("what was tried while it was open in the form counts as changed after it", () => {
  const tried = { ...STORED, isTried: true, seen: "Frau M" };
  const stored = toStore(TYPED, tried, { isNew: false, at: 2000 });
  assert.deepEqual([stored.isTried, stored.isChanged, stored.seen, stored.changedAt], [true, true, "Frau M", 2000]);
  const untried = toStore(TYPED, STORED, { isNew: false, at: 2000 });
  assert.deepEqual([untried.isTried, untried.isChanged], [false, false]);
});

test("what was sent while it was open in the form has to go again", () => {
  const stored = toStore(TYPED, undefined, { isNew: false, at: 2000 });
  assert.deepEqual([stored.isTried, stored.isChanged], [true, true]);
});

test("what has arrived goes away, unless another tab has changed it meanwhile", () => {
  assert.equal(afterArrival(STORED, STORED), null);
  const changed = { ...STORED, changedAt: 2000 };
  assert.deepEqual(afterArrival(changed, STORED), { ...changed, isChanged: true });
});

test("a record of an older form is read with what it lacks", () => {
  const old = { key: "k", fields: FILLED, errors: { title: ["Zu lang."] } };
  const added = { photo: null, isTried: false, isChanged: false, confirmed: "", questions: [] };
  assert.deepEqual(readable(old), { ...old, ...added });
});

test("the portal gets what is filled in, and nothing that is not so", () => {
  const { description, ...filled } = FILLED;
  assert.equal(description, "");
  assert.deepEqual(Object.fromEntries(formOf(STORED)), { ...filled, account: "12", entry_key: "k" });
});

test("the portal hears of a change, of the answer to its question, and of the photo", () => {
  const sent = formOf({ ...STORED, isChanged: true, confirmed: "a1 b2", seen: "c3", photo: PHOTO });
  assert.equal(sent.get("is_changed_since_sending"), "1");
  assert.equal(sent.get("privacy_checked"), "a1 b2");
  assert.equal(sent.get("photo").name, "rampe.jpg");
  assert.deepEqual([sent.get("photo_key"), sent.get("photo_alt")], ["photo-key", "Eine Rampe"]);
  assert.equal(sent.has("photo_decorative"), false);
  const decorative = { ...PHOTO, alt: "", isDecorative: true };
  assert.equal(formOf({ ...STORED, photo: decorative }).get("photo_decorative"), "on");
});
