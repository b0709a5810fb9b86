// Every text of the tables in tests/kiv_portal/written means the same here and in the portal.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as days from "../../static/js/written/days.js";
import * as durations from "../../static/js/written/durations.js";
import { isUnclear } from "../../static/js/written/reading.js";

/** @param {string} name */
const table = (name) => JSON.parse(readFileSync(new URL(`../kiv_portal/written/${name}`, import.meta.url), "utf8"));
const DAYS = table("days.json");
const DURATIONS = table("durations.json");
const [year, month, day] = DAYS.today.split("-").map(Number);
/** @type {["past", "coming", "any"]} */
const WHEN = ["past", "coming", "any"];

/** @param {Date | import("../../static/js/written/reading.js").Unclear} answer */
const iso = (answer) => (isUnclear(answer) ? answer.sentence : days.written(answer).split(".").reverse().join("-"));

test("what is clear is the same day, at any hour of today", () => {
  for (const hour of [0, 23]) {
    const today = new Date(year, month - 1, day, hour, 59);
    for (const when of WHEN) {
      for (const [text, wanted] of Object.entries(DAYS[when])) {
        assert.equal(iso(days.readDay(text, today, when)), wanted, text);
      }
    }
  }
});

test("what is not is asked in the same words", () => {
  const today = new Date(year, month - 1, day);
  for (const when of WHEN) {
    for (const [text, asked] of Object.entries(DAYS[`unclear in ${when}`])) {
      const [sentence, ...choices] = asked.split("|");
      assert.deepEqual(days.readDay(text, today, when), { sentence, choices }, text);
      for (const choice of choices) assert.ok(!isUnclear(days.readDay(choice, today, when)), choice);
    }
    for (const text of DAYS["not understood"]) {
      assert.equal(iso(days.readDay(text, today, when)), days.NOT_UNDERSTOOD, text);
    }
  }
});

test("durations, and when they began", () => {
  for (const [text, minutes] of Object.entries(DURATIONS.minutes)) {
    assert.deepEqual(durations.readDuration(text), { minutes, startsAt: "" }, text);
  }
  for (const [text, [minutes, startsAt]] of Object.entries(DURATIONS["minutes and start"])) {
    assert.deepEqual(durations.readDuration(text), { minutes, startsAt }, text);
  }
});

test("an unclear duration is asked about in the same words", () => {
  for (const [text, asked] of Object.entries(DURATIONS.unclear)) {
    const [sentence, ...choices] = asked.split("|");
    assert.deepEqual(durations.readDuration(text), { sentence, choices }, text);
    for (const choice of choices) assert.ok(!isUnclear(durations.readDuration(choice)), choice);
  }
  for (const text of DURATIONS["not understood"]) {
    assert.deepEqual(durations.readDuration(text), { sentence: durations.NOT_UNDERSTOOD, choices: [] }, text);
  }
});

test("what is shown is read again", () => {
  for (let minutes = 1; minutes <= 1440; minutes += 1) {
    assert.deepEqual(durations.readDuration(durations.hoursAndMinutes(minutes)), { minutes, startsAt: "" });
  }
});
