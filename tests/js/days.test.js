import assert from "node:assert/strict";
import { test } from "node:test";

import { fixedDay, looksLikeDay, written } from "../../static/js/offline/days.js";

const TODAY = new Date(2024, 2, 1, 15, 30); // a Friday after a 29 February

test("a relative day becomes the day it means, also over the end of a month", () => {
  assert.equal(fixedDay("heute", TODAY), "01.03.2024");
  assert.equal(fixedDay(" Gestern ", TODAY), "29.02.2024");
  assert.equal(fixedDay("vorgestern", TODAY), "28.02.2024");
  assert.equal(fixedDay("vorgestern", new Date(2025, 0, 1)), "30.12.2024");
});

test("a day without a year is the last one that is not in the future", () => {
  assert.equal(fixedDay("1.3.", TODAY), "01.03.2024");
  assert.equal(fixedDay("2.3.", TODAY), "02.03.2023");
  assert.equal(fixedDay("01. 03", TODAY), "01.03.2024");
  assert.equal(fixedDay("29.2.", new Date(2023, 5, 1)), "29.02.2020");
});

test("a day of today counts from its first minute", () => {
  assert.equal(fixedDay("1.3.", new Date(2024, 2, 1, 0, 0)), "01.03.2024");
});

test("what is no such day stays as it was typed", () => {
  for (const text of ["31.2.", "32.1.", "0.5.", "1.13.", "1.3.2022", "am Montag", "toString", ""]) {
    assert.equal(fixedDay(` ${text} `, TODAY), text);
  }
});

test("a day is written with two digits each and its whole year", () => {
  assert.equal(written(new Date(2022, 0, 5)), "05.01.2022");
});

test("a day is recognised in the ways people write it", () => {
  for (const text of ["1.3.2022", "1. 3. 22", "01/03/2022", "1-3-2022", "2022-03-01", "1. März 2022", "1 Mai 22"]) {
    assert.ok(looksLikeDay(text), text);
  }
  for (const text of ["31.2.", "neulich", "1.3.2", "2022-3-1", "am 1.3.2022", "1.3.2022 abends", ""]) {
    assert.ok(!looksLikeDay(text), text);
  }
});
