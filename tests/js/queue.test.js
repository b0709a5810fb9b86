import assert from "node:assert/strict";
import { test } from "node:test";

import { endsRound, outcomeOf, pauseAfter, refusalOf, toSend } from "../../static/js/offline/queue.js";

const answer = (code, data = {}) => ({ code, data });

test("every answer of the portal has its meaning", () => {
  const outcomes = {
    200: "sent",
    401: "signed-out",
    409: "other-account",
    0: "failed", // a redirect that was not followed
    403: "failed",
    429: "failed",
    500: "failed",
    503: "failed",
    400: "refused",
    404: "refused",
    413: "refused",
    422: "refused",
  };
  for (const [code, outcome] of Object.entries(outcomes)) assert.equal(outcomeOf(answer(Number(code))), outcome, code);
  assert.equal(outcomeOf(null), "lost");
});

test("without a line or a sign-in the other entries are not tried", () => {
  const ends = ["sent", "lost", "signed-out", "other-account", "failed", "refused"].filter(endsRound);
  assert.deepEqual(ends, ["lost", "signed-out", "other-account"]);
});

test("a refusal has the portal's sentences, or one of ours", () => {
  const errors = { day: ["Das Datum liegt in der Zukunft."] };
  assert.equal(refusalOf(answer(422, { errors })), errors);
  assert.deepEqual(Object.keys(refusalOf(answer(413))), ["photo"]);
  assert.deepEqual(Object.keys(refusalOf(answer(400))), ["__all__"]);
});

test("what was refused waits for its person, unless it is sent by hand", () => {
  const waiting = { key: "a", errors: {} };
  const refused = { key: "b", errors: { day: ["Zu früh."] } };
  const other = { key: "c", errors: { day: ["Zu früh."] } };
  assert.deepEqual(toSend([waiting, refused, other]), [waiting]);
  assert.deepEqual(toSend([refused, other, waiting], "b"), [refused, waiting]);
});

test("pauses grow to five minutes, and there is none where nothing has failed", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 7, 100].map(pauseAfter), [0, 5, 15, 30, 60, 120, 300, 300, 300]);
});
