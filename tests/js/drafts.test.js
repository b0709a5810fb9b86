import assert from "node:assert/strict";
import { test } from "node:test";

import { choose } from "../../static/js/drafts/choose.js";
import { fill, isSame, missingRows, sentIn, typedIn } from "../../static/js/drafts/fields.js";
import { isBack, isThere, moment } from "../../static/js/drafts/sentences.js";
import { shelfOf } from "../../static/js/drafts/shelf.js";

const NOW = new Date(2026, 10, 29, 14, 30);
const HOUR = 3600 * 1000;

const text = (name, value, sent = "") => ({ type: "text", name, value, defaultValue: sent });
const hidden = (name, value) => ({ type: "hidden", name, value, defaultValue: value });
const box = (name, value, checked, type = "checkbox") => ({ type, name, value, checked, defaultChecked: false });
const select = (name, chosen, ...all) => ({
  type: "select-one",
  name,
  options: all.map((value) => ({ value, selected: value === chosen, defaultSelected: false })),
});

const form = () => [
  text("title", "Rampe"),
  { type: "textarea", name: "text", value: "Eins\nZwei", defaultValue: "" },
  box("fields", "wohnen", true),
  box("fields", "arbeit", false),
  box("state", "done", true, "radio"),
  select("kind", "b", "", "a", "b"),
  hidden("version", "3"),
  hidden("entry_key", "k"),
];

test("all kinds of fields are read, and come back into an empty form", () => {
  const typed = typedIn(form());
  const empty = [
    text("title", ""),
    { type: "textarea", name: "text", value: "", defaultValue: "" },
    box("fields", "wohnen", false),
    box("fields", "arbeit", true),
    box("state", "done", false, "radio"),
    select("kind", "", "", "a", "b"),
    hidden("version", "2"),
    hidden("entry_key", "other"),
  ];
  const changed = [];
  fill(empty, typed, ({ name }) => changed.push(name));
  assert.deepEqual(typedIn(empty), typed);
  assert.deepEqual(changed, ["title", "text", "fields", "fields", "state", "kind", "version", "entry_key"]);
  fill(empty, typed, () => assert.fail("nothing changes twice"));
});

test("several lines of one name keep their order, and an emptied line stays empty", () => {
  const lines = [text("who", "a"), text("who", ""), text("who", "c")];
  const others = [text("who", "x"), text("who", "y"), text("who", "z")];
  fill(others, typedIn(lines), () => {});
  assert.deepEqual(
    others.map(({ value }) => value),
    ["a", "", "c"],
  );
});

test("nothing secret is kept", () => {
  const secrets = [
    hidden("csrfmiddlewaretoken", "geheim"),
    hidden("_typed_by", "geheim"),
    hidden("_draft", "geheim"),
    hidden("started", "geheim"),
    hidden("photo-kept", "geheim"),
    { type: "password", name: "password", value: "geheim" },
    { ...text("code", "geheim"), autocomplete: "one-time-code" },
    { ...text("pass", "geheim"), autocomplete: "current-password" },
    { type: "file", name: "photo", value: "geheim" },
    { type: "submit", name: "next", value: "geheim" },
    text("", "geheim"),
  ];
  assert.deepEqual(typedIn(secrets), []);
});

test("what the server has sent is told from what the browser put in", () => {
  const controls = [text("title", "getippt", "gesendet"), select("kind", "b", "", "a", "b"), box("fields", "x", true)];
  assert.deepEqual(sentIn(controls), [
    ["title", "gesendet"],
    ["kind", ""],
  ]);
});

test("empty lines, line breaks, keys and stands make no other text", () => {
  const typed = typedIn(form());
  const shown = typed.map(([name, value]) => [name, name === "version" ? "9" : value.replaceAll("\n", "\r\n")]);
  assert.ok(isSame(typed, [...shown, ["note", ""]]));
  assert.ok(!isSame(typed, [...shown, ["note", "!"]]));
});

test("rows that a script has added are asked for, within bounds", () => {
  const rows = (number) => [hidden("item-TOTAL_FORMS", number)];
  assert.deepEqual(missingRows(rows("1"), [["item-TOTAL_FORMS", "3"]]), ["item", "item"]);
  assert.deepEqual(missingRows(rows("3"), [["item-TOTAL_FORMS", "1"]]), []);
  assert.deepEqual(missingRows(rows("1"), [["item-TOTAL_FORMS", "x"]]), []);
  assert.equal(missingRows(rows("1"), [["item-TOTAL_FORMS", "1e9"]]).length, 50);
});

const draft = (id, fields, at = 0, more = {}) => ({ id, name: "f", at, files: [], fields, ...more });
const says = (title, version = "1") => [
  ["title", title],
  ["version", version],
];

test("the newest that nobody writes comes back, the others are offered", () => {
  const [open, newest, twin, old] = [
    draft("a", says("A")),
    draft("b", says("B")),
    draft("c", says("B")),
    draft("d", says("D")),
  ];
  const { back, offers, needless } = choose([open, newest, twin, old], says(""), ({ id }) => id === "a");
  assert.equal(back, newest);
  assert.deepEqual(
    offers.map(({ draft: { id }, why }) => [id, why]),
    [
      ["a", "window"],
      ["d", "other"],
    ],
  );
  assert.deepEqual(needless, [twin]);
});

test("what was typed on an older stand is offered, not put over the newer one", () => {
  const old = draft("a", says("Alt", "1"));
  const { back, offers } = choose([old], says("Neu", "2"), () => false);
  assert.deepEqual([back, offers], [null, [{ draft: old, why: "older" }]]);
});

test("what was on its way when the window was left is no other stand", () => {
  const mine = draft("a", says("Eins zwei", "1"), 0, { sent: says("Eins", "1") });
  assert.equal(choose([mine], says("Eins", "2"), () => false).back, mine);
});

test("what the server has anyhow is no draft, and an open window's is left alone", () => {
  const saved = draft("a", says("Da", "1"));
  assert.deepEqual(
    choose([saved], says("Da", "2"), () => false),
    { back: null, offers: [], needless: [saved] },
  );
  assert.deepEqual(choose([saved], says("Da", "2"), () => true).needless, []);
});

function drawer() {
  const kept = new Map();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
    key: (index) => [...kept.keys()][index] ?? null,
    get length() {
      return kept.size;
    },
  };
}

test("each account sees its own drafts only, and each page its own", () => {
  const kept = drawer();
  const [anna, ben, nobody] = ["1", "11", ""].map((owner) => shelfOf(() => kept, owner));
  anna.write(draft("x", says("Anna"), 1));
  anna.write(draft("y", says("Anna neu"), 2));
  anna.write({ ...draft("z", says("Anderswo")), name: "g" });
  ben.write(draft("x", says("Ben")));
  nobody.write(draft("x", says("Niemand")));
  assert.deepEqual(
    anna.named("f").map(({ id }) => id),
    ["y", "x"],
  );
  assert.equal(ben.read("x").fields[0][1], "Ben");
  anna.removeAll();
  assert.deepEqual([anna.named("f").length, ben.named("f").length, nobody.named("f").length], [0, 1, 1]);
});

test("old drafts go: after 14 days, without an account after one", () => {
  const kept = drawer();
  for (const [owner, hours, left] of [
    ["1", 14 * 24 - 1, 1],
    ["1", 14 * 24 + 1, 0],
    ["", 23, 1],
    ["", 25, 0],
  ]) {
    const shelf = shelfOf(
      () => kept,
      owner,
      () => hours * HOUR,
    );
    shelf.write(draft("x", says("Alt"), 0));
    shelf.removeOld();
    assert.equal(shelf.named("f").length, left, `${owner} after ${hours} hours`);
  }
});

test("where the browser keeps nothing or rubbish, nothing breaks", () => {
  const refused = shelfOf(() => {
    throw new Error("SecurityError");
  }, "1");
  assert.equal(refused.write(draft("x", [])), false);
  refused.remove("x");
  refused.removeOld();
  refused.removeAll();
  assert.deepEqual([refused.read("x"), refused.named("f")], [null, []]);
  const kept = drawer();
  for (const rubbish of ["{", "null", "5", '{"fields": "x"}']) {
    kept.setItem("kiv-draft:1:x", rubbish);
    assert.deepEqual(shelfOf(() => kept, "1").named("f"), [], rubbish);
  }
});

test("it is said when it was, and which files are to be chosen again", () => {
  const at = (...parts) => new Date(2026, ...parts).getTime();
  assert.equal(moment(at(10, 29, 14, 5), NOW), "14:05 Uhr");
  assert.equal(moment(at(10, 28, 23, 59), NOW), "gestern, 23:59 Uhr");
  assert.equal(moment(at(10, 17, 9, 0), NOW), "17.11., 9:00 Uhr");
  const kept = { ...draft("x", [], at(10, 29, 14, 5)), files: ["rampe.jpg"] };
  const sentence = "Ihr Entwurf von 14:05 Uhr ist wieder da. Die Datei „rampe.jpg“ wählen Sie bitte noch einmal.";
  assert.equal(isBack(kept, NOW), sentence);
  assert.match(isThere({ draft: kept, why: "window" }, NOW), /anderen Fenster.*14:05/);
});
