// Keeps what is typed in a form in this browser until it is stored: after a crash, an ended session, a closed or left
// window it is back. A form is switched on by the tag {% keep_typed_text %}, nothing else.

import { say } from "../announce.js";
import { parts } from "../dom.js";
import { choose, isSent } from "./choose.js";
import { controlsOf, fill, isSame, missingRows, sentIn, typedIn } from "./fields.js";
import { noticeOf } from "./notice.js";
import { DISCARDED, isBack, isThere } from "./sentences.js";
import { heldOnes, hold, ownId, rememberOwn } from "./windows.js";

/** @import { Offer } from "./choose.js" */
/** @import { Control, Typed } from "./fields.js" */
/** @import { Line } from "./notice.js" */
/** @import { Draft, shelfOf } from "./shelf.js" */

/**
 * @typedef {ReturnType<typeof shelfOf>} Shelf
 *
 * @typedef {object} Options
 * @property {() => Shelf} shelf of the account that this page belongs to now
 * @property {() => boolean} isEnded somebody has signed out since this page was made: nothing is kept any more
 * @property {() => void} [reset] empties the form, where that is more than form.reset()
 * @property {() => string[]} [files] names of files that the form holds otherwise than in its controls
 *
 * @typedef {ReturnType<typeof keeperOf>} Keeper
 */

const PAUSE = 250; // milliseconds without typing

/**
 * @param {HTMLFormElement} form
 * @param {Options} options
 */
export function keeperOf(form, { shelf, isEnded, reset = () => form.reset(), files = () => [] }) {
  const controls = () => controlsOf(form);
  const showLines = noticeOf(form);
  let name = "";
  let id = "";
  let writtenAt = 0;
  let timer = 0;
  let isTyped = false;
  let isFilling = false;
  /** @type {Typed} */
  let shown = [];
  /** @type {Typed | undefined} */
  let sent;
  /** @type {Offer[]} */
  let offers = [];
  let release = () => {};

  const typed = () => typedIn(controls());

  /** @param {string} newId */
  function become(newId) {
    release();
    id = newId;
    writtenAt = shelf().read(id)?.at ?? 0;
    sent = undefined;
  }

  /** At once; what says no more than the page itself is not kept. */
  function keep() {
    clearTimeout(timer);
    timer = 0;
    if (!isTyped || isEnded()) return;
    if (isSame(typed(), shown) && !chosenFiles().length) return forget();
    if ((shelf().read(id)?.at ?? 0) > writtenAt) become(crypto.randomUUID()); // another window took this one over
    const isFirst = writtenAt === 0;
    writtenAt = Date.now();
    shelf().write({ id, name, at: writtenAt, fields: typed(), files: chosenFiles(), ...(sent && { sent }) });
    if (isFirst) startHolding();
  }

  function startHolding() {
    rememberOwn(name, id);
    release();
    release = hold(id);
  }

  function chosenFiles() {
    const inputs = parts(form, "input[type=file]", HTMLInputElement).flatMap((input) => [...(input.files ?? [])]);
    const onServer = parts(form, "[data-kept-file]", HTMLElement).map((kept) => kept.dataset.keptFile ?? "");
    return [...inputs.map((file) => file.name), ...onServer, ...files()];
  }

  /** The draft is needed no longer, in whatever state it is. */
  function forget() {
    clearTimeout(timer);
    timer = 0;
    shelf().remove(id);
    become(crypto.randomUUID());
    isTyped = false;
  }

  /** @param {Control} control */
  function tell(control) {
    for (const event of ["input", "change"]) control.dispatchEvent(new Event(event, { bubbles: true }));
  }

  /** @param {Typed} fields @param {{ keepsStand?: boolean }} [how] */
  function put(fields, how) {
    isFilling = true;
    for (const rows of missingRows(controls(), fields)) {
      const more = form.querySelector(`[data-add-row="${CSS.escape(rows)}"]`);
      if (more instanceof HTMLElement) more.click();
    }
    fill(controls(), fields, tell, how);
    isFilling = false;
    unfold();
  }

  /** What came back is never folded away. */
  function unfold() {
    for (const details of parts(form, "details", HTMLDetailsElement)) {
      const inside = controls().filter((control) => details.contains(control) && control.type !== "hidden");
      if (typedIn(inside).some(([, value]) => value)) details.open = true;
    }
  }

  /** @param {Draft} draft */
  function take(draft) {
    put(draft.fields, { keepsStand: isSent(draft.sent, shown) });
    become(draft.id);
    sent = draft.sent;
    isTyped = true;
    startHolding();
    const sentence = isBack(draft, new Date());
    showOffers({ sentence, label: "Verwerfen", about: "Ihr Entwurf", press: discard });
    say(sentence);
  }

  /** @param {Line} [first] */
  function showOffers(first) {
    const now = new Date();
    const others = offers.filter(({ draft }) => draft.id !== id);
    const lines = others.map((offer) => {
      const sentence = isThere(offer, now);
      return { sentence, label: "Übernehmen", about: sentence, press: () => takeInstead(offer.draft) };
    });
    showLines(first ? [first, ...lines] : lines);
  }

  /** What stands in the form stays a draft of its own. @param {Draft} draft */
  function takeInstead(draft) {
    keep();
    const before = shelf().read(id);
    if (before) offers = [...offers, { draft: before, why: "other" }];
    take({ ...draft, id: copyOf(draft) });
    keep();
    firstControl()?.focus();
  }

  /** An open window goes on with its own. @param {Draft} draft */
  function copyOf(draft) {
    const isOpen = offers.some((offer) => offer.draft === draft && offer.why === "window");
    if (!isOpen) return draft.id;
    offers = offers.filter((offer) => offer.draft !== draft);
    return crypto.randomUUID();
  }

  function discard() {
    forget();
    isFilling = true;
    reset();
    isFilling = false;
    put(shown); // hidden fields do not reset by themselves
    for (const control of controls()) if (control.type === "textarea") tell(control);
    showOffers();
    say(DISCARDED);
    firstControl()?.focus();
  }

  function firstControl() {
    const first = form.querySelector("input:not([type=hidden]), select, textarea");
    return first instanceof HTMLElement ? first : null;
  }

  for (const event of ["input", "change"]) {
    form.addEventListener(event, () => {
      if (isFilling) return;
      isTyped = true;
      clearTimeout(timer);
      timer = window.setTimeout(keep, PAUSE);
    });
  }
  window.addEventListener("pagehide", () => timer && keep());
  document.addEventListener("visibilitychange", () => timer && keep());

  return {
    keep,
    forget,

    /**
     * From here on the form is that of `newName`: a draft of it comes back, or is offered.
     * @param {string} newName
     * @param {Typed} [fromServer] what the form shows without a draft
     */
    async open(newName, fromServer = sentIn(controls())) {
      [name, shown, isTyped, offers] = [newName, fromServer, false, []];
      become(crypto.randomUUID());
      showLines([]);
      const drafts = shelf().named(name);
      if (!drafts.length) return;
      const held = await heldOnes();
      const own = ownId(name);
      const choice = choose(drafts, shown, (draft) => draft.id !== own && held.includes(draft.id));
      for (const { id: needless } of choice.needless) shelf().remove(needless);
      offers = choice.offers;
      if (choice.back && !isTyped) take(choice.back);
      else {
        if (choice.back) offers = [{ draft: choice.back, why: "other" }, ...offers];
        showOffers();
      }
    },

    /**
     * The server gives back what was typed, which is the newest there is.
     * @param {string} newName
     * @param {string} sentId under which it was kept before, "" for none
     */
    goOn(newName, sentId) {
      [name, shown, isTyped] = [newName, [], true];
      become(sentId || crypto.randomUUID());
      keep();
    },

    /** The form goes to the portal, which will say that it has stored this draft. */
    send() {
      keep();
      release(); // else the browser does not keep the page for its Back button
      return id;
    },

    /** What was last on its way to the server, without an answer yet. */
    unanswered: () => sent,

    /** This is on its way to the server. */
    sending() {
      sent = typed();
    },

    /** The server has stored what was on its way. */
    stored() {
      shown = sent ?? shown;
      sent = undefined;
      keep();
    },
  };
}
