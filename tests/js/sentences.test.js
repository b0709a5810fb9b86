import assert from "node:assert/strict";
import { test } from "node:test";

import {
  connectionInWords,
  errorTitle,
  needHelp,
  notInPortal,
  photoSize,
  queueInShort,
  waitForConnection,
} from "../../static/js/offline/sentences.js";

test("one and many", () => {
  assert.equal(waitForConnection(1), "1 Eintrag wartet auf Verbindung");
  assert.equal(waitForConnection(2), "2 Einträge warten auf Verbindung");
  assert.equal(needHelp(1), "1 Eintrag braucht Ihre Hilfe");
  assert.equal(needHelp(3), "3 Einträge brauchen Ihre Hilfe");
  assert.equal(notInPortal(1), "1 Eintrag ist noch nicht im Portal.");
  assert.equal(notInPortal(2), "2 Einträge sind noch nicht im Portal.");
  assert.equal(errorTitle(1), "Eine Angabe fehlt oder passt nicht");
  assert.equal(errorTitle(4), "4 Angaben fehlen oder passen nicht");
});

test("the queue in short says only what there is", () => {
  assert.equal(queueInShort(0, 0), "");
  assert.equal(queueInShort(1, 0), "1 Eintrag wartet auf Verbindung");
  assert.equal(queueInShort(0, 1), "1 Eintrag braucht Ihre Hilfe");
  assert.equal(queueInShort(2, 1), "2 Einträge warten auf Verbindung, 1 Eintrag braucht Ihre Hilfe");
});

test("the size of a photo is read in German", () => {
  assert.equal(photoSize(10), "1 Kilobyte");
  assert.equal(photoSize(99_400), "99 Kilobyte");
  assert.equal(photoSize(100_000), "0,1 Megabyte");
  assert.equal(photoSize(2_460_000), "2,5 Megabyte");
});

test("the most important thing about the connection is said", () => {
  const ready = { isPrepared: true, isSignedOut: false, isOnline: true };
  assert.equal(connectionInWords("ready", ready), "Die Verbindung zum Portal steht.");
  assert.equal(connectionInWords("unknown", ready), "");
  assert.match(connectionInWords("lost", ready), /^Das Portal antwortet gerade nicht/);
  assert.match(connectionInWords("lost", { ...ready, isOnline: false }), /^Zurzeit gibt es keine Verbindung/);
  assert.match(connectionInWords("lost", { ...ready, isPrepared: false }), /noch nichts vorbereitet/);
  assert.match(connectionInWords("unknown", { ...ready, isPrepared: false }), /noch nichts vorbereitet/);
  assert.match(connectionInWords("signed-out", ready), /melden Sie sich an/);
  assert.match(connectionInWords("lost", { ...ready, isSignedOut: true }), /melden Sie sich an/);
  assert.match(connectionInWords("forbidden", { ...ready, isPrepared: false }), /Mit diesem Konto/);
  assert.match(connectionInWords("other-account", ready), /ein anderes Konto/);
});
