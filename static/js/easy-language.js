// While a text in easy language is typed, its findings stand beside the field. The server has the rules; without this
// script the button "Text prüfen" sends the form and the same list comes back.
import { part, parts } from "./dom.js";
import { placesIn } from "./places.js";

/**
 * @typedef {object} Finding
 * @property {string} severity
 * @property {string} severity_name
 * @property {string} rule_name
 * @property {number} sentence
 * @property {string} quote
 * @property {string} message
 * @property {string | null} proposal
 * @property {string} proposal_in_words
 * @property {number} start
 * @property {number} end
 *
 * @typedef {{ findings: Finding[], summary: string }} Answer
 */

const PAUSE = 600; // milliseconds without typing
const UNREACHABLE = "Die Prüfung ist gerade nicht erreichbar. Ihr Text bleibt, wie er ist.";

/**
 * @param {HTMLTextAreaElement} field
 * @param {HTMLFormElement} form
 */
function checkOf(field, form) {
  const section = part(document, "[data-easy-check]", HTMLElement);
  const list = part(section, "[data-easy-list]", HTMLElement);
  const summary = part(section, "[data-easy-summary]", HTMLElement);
  const blank = part(section, "template[data-easy-finding]", HTMLTemplateElement).content;
  const token = part(form, "[name=csrfmiddlewaretoken]", HTMLInputElement);
  let timer = 0;
  /** @type {AbortController | null} */
  let running = null;
  let checked = ""; // the text that the list speaks of

  /**
   * @param {string} text
   * @param {AbortSignal} signal
   * @returns {Promise<Answer>}
   */
  async function ask(text, signal) {
    const response = await fetch(field.dataset.easyCheckUrl ?? "", {
      method: "POST",
      headers: { "X-CSRFToken": token.value, Accept: "application/json" },
      body: new URLSearchParams({ text }), // a form would change the line ends, and with them every place
      credentials: "same-origin",
      signal,
    });
    if (!response.ok || response.redirected) throw new Error(String(response.status));
    return response.json();
  }

  async function check() {
    clearTimeout(timer);
    running?.abort();
    const own = (running = new AbortController());
    const text = field.value;
    try {
      const answer = await ask(text, own.signal);
      checked = text;
      show(answer);
    } catch {
      if (own.signal.aborted) return; // a newer check is on its way
      list.replaceChildren();
      say(UNREACHABLE);
    }
  }

  /** @param {Answer} answer */
  function show({ findings, summary: sentence }) {
    const places = placesIn(checked);
    const end = field.value.length;
    list.replaceChildren(
      ...findings.map((finding) => item(finding, places[finding.start] ?? end, places[finding.end] ?? end)),
    );
    say(sentence);
  }

  /** @param {string} sentence */
  function say(sentence) {
    if (summary.textContent !== sentence) summary.textContent = sentence;
  }

  /**
   * @param {Finding} finding
   * @param {number} start
   * @param {number} end
   */
  function item(finding, start, end) {
    const copy = document.importNode(blank, true);
    const named = (/** @type {string} */ name) => part(copy, `[data-part="${name}"]`, HTMLElement);
    const fill = (/** @type {string} */ name, /** @type {string} */ text) => (named(name).textContent = text);
    copy.firstElementChild?.classList.add(`easy-finding--${finding.severity}`);
    fill("severity", `${finding.severity_name}:`);
    fill("rule", finding.rule_name);
    fill("number", `Satz ${finding.sentence}:`);
    fill("quote", finding.quote);
    fill("message", finding.message);
    fill("proposal", finding.proposal_in_words);
    describe(named("show"), finding);
    named("show").addEventListener("click", () => ifUnchanged(() => select(start, end)));
    const { proposal } = finding;
    if (proposal === null) {
      named("proposal-line").remove();
      named("apply").remove();
    } else {
      describe(named("apply"), finding);
      named("apply").addEventListener("click", () => ifUnchanged(() => apply(proposal, start, end)));
    }
    return copy;
  }

  /**
   * Many buttons of one name: each says where it belongs to.
   * @param {HTMLElement} button
   * @param {Finding} finding
   */
  function describe(button, finding) {
    button.setAttribute("aria-label", `${button.textContent}: ${finding.rule_name}, Satz ${finding.sentence}`);
  }

  /** @param {() => void} action */
  function ifUnchanged(action) {
    if (field.value === checked) action();
    else check();
  }

  /**
   * @param {number} start
   * @param {number} end
   */
  function select(start, end) {
    field.focus();
    field.setSelectionRange(start, end);
    const lineOfStart = field.value.slice(0, start).split("\n").length - 1;
    const lines = field.value.split("\n").length;
    field.scrollTop = (field.scrollHeight * lineOfStart) / lines - field.clientHeight / 2;
  }

  /**
   * @param {string} proposal
   * @param {number} start
   * @param {number} end
   */
  function apply(proposal, start, end) {
    field.setRangeText(proposal, start, end, "select");
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true })); // the draft takes it over
    check();
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(check, PAUSE);
  });
  form.querySelector("button[name=pruefen]")?.addEventListener("click", async (event) => {
    event.preventDefault();
    await check();
    part(section, "h2", HTMLElement).focus();
  });
  if (field.value.trim()) check();
}

for (const field of parts(document, "textarea[data-easy-check-url]", HTMLTextAreaElement)) {
  if (field.form) checkOf(field, field.form);
}
