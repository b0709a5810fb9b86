import assert from "node:assert/strict";
import { test } from "node:test";

import { toBytes, toText } from "../../static/js/base64url.js";
import { tidy } from "../../static/js/pasted-text.js";
import { placesIn } from "../../static/js/places.js";
import { readingTime } from "../../static/js/reading-time.js";

test("reading takes at least a minute, and long is more than 1200 words", () => {
  assert.deepEqual(readingTime(" \n"), { sentence: "", isLong: false });
  assert.equal(readingTime(" Rampe\n").sentence, "1 Wort, etwa 1 Minute zu lesen");
  assert.equal(readingTime("Wort ".repeat(450)).sentence, "450 Wörter, etwa 3 Minuten zu lesen");
  assert.equal(readingTime("Wort ".repeat(1200)).isLong, false);
  assert.equal(readingTime("Wort ".repeat(1201)).isLong, true);
});

test("an emoji is one character and two units", () => {
  assert.deepEqual(placesIn("a🙂b"), [0, 1, 3, 4]);
  assert.deepEqual(placesIn(""), [0]);
});

test("bytes survive the way through an address", () => {
  const bytes = Uint8Array.from([251, 255, 190, 0, 1]);
  const text = toText(bytes.buffer);
  assert.equal(text, "-_--AAE");
  assert.deepEqual(toBytes(text), bytes);
});

test("signs of Word become plain text", () => {
  assert.equal(
    tidy("\n\n  Erster\u00a0 Satz\u00ad.\r\n\r\n\r\n• Punkt\n12)   Schritt \n"),
    "Erster Satz.\n\n- Punkt\n12) Schritt",
  );
  assert.equal(tidy("u\u0308ber"), "über");
});
