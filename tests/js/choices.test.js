import assert from "node:assert/strict";
import { test } from "node:test";

import { choicesFor } from "../../static/js/offline/choices.js";

const towns = [
  { id: 1, name: "Leonberg", county: "08115" },
  { id: 12, name: "Calw", county: "08235" },
];
const fields = [
  { code: "bildung", name: "Bildung und Schule", county: "08115" },
  { code: "verkehr", name: "Verkehr", county: "08115" },
  { code: "bildung", name: "Lernen", county: "08235" },
  { code: "kultur", name: "Kultur", county: "08235" },
];

test("the chosen town's county says what is offered", () => {
  assert.deepEqual(
    [...choicesFor(fields, towns, "1")],
    [
      ["bildung", "Bildung und Schule"],
      ["verkehr", "Verkehr"],
    ],
  );
  assert.deepEqual(
    [...choicesFor(fields, towns, "12")],
    [
      ["bildung", "Lernen"],
      ["kultur", "Kultur"],
    ],
  );
});

test("without a town all codes are offered once", () => {
  assert.deepEqual([...choicesFor(fields, towns, "").keys()], ["bildung", "verkehr", "kultur"]);
  assert.deepEqual([...choicesFor([], towns, "1")], []);
});
