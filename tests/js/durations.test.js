import assert from "node:assert/strict";
import { test } from "node:test";

import { hoursAndMinutes, looksLikeDuration, withUnit } from "../../static/js/offline/durations.js";

test("minutes are read as hours and minutes, with one and many", () => {
  const words = {
    1: "1 Minute",
    45: "45 Minuten",
    60: "1 Stunde",
    61: "1 Stunde 1 Minute",
    90: "1 Stunde 30 Minuten",
    120: "2 Stunden",
    1440: "24 Stunden",
  };
  for (const [minutes, sentence] of Object.entries(words)) assert.equal(hoursAndMinutes(Number(minutes)), sentence);
});

test("a bare number gets its unit, everything else says for itself what it is", () => {
  assert.equal(withUnit("1"), "1 Minute");
  assert.equal(withUnit("90"), "90 Minuten");
  for (const text of ["1h30", "1,5 Stunden", "1:30", "-5", ""]) assert.equal(withUnit(text), text);
});

test("a duration has a number in it", () => {
  assert.ok(looksLikeDuration("1,5 Stunden"));
  assert.ok(!looksLikeDuration("lange"));
});
