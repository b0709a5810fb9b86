// Stores a text while it is typed, without leaving the page, and says how long it takes to read. Where somebody else has
// changed the text meanwhile it stops and says so: saving by the button then shows both.

import { part, parts } from "./dom.js";
import { readingTime } from "./reading-time.js";

const PAUSE = 3000; // milliseconds without typing

/** @param {HTMLFormElement} form */
function storeWhileTyping(form) {
  const text = part(form, "textarea", HTMLTextAreaElement);
  const version = part(form, "[name=version]", HTMLInputElement);
  const status = part(form, "[data-autosave-status]", HTMLElement);
  const count = part(form, "[data-word-count]", HTMLElement);
  const tooLong = part(form, "[data-long-text]", HTMLElement);
  let timer = 0;
  let stored = text.value;
  let isStopped = false;

  function showCount() {
    const { sentence, isLong } = readingTime(text.value);
    count.textContent = sentence;
    tooLong.hidden = !isLong;
  }

  async function store() {
    if (isStopped || text.value === stored) return;
    const sent = text.value;
    /** @type {{ problem?: string, version: string, at: string }} */
    let answer;
    try {
      const typed = new FormData(form);
      const body = new URLSearchParams([...typed].map(([name, value]) => [name, String(value)]));
      const response = await fetch(form.dataset.autosave ?? "", { method: "POST", body, redirect: "error" });
      answer = await response.json();
    } catch {
      status.textContent = "Gerade nicht gespeichert. Bitte speichern Sie mit dem Knopf.";
      return;
    }
    if (answer.problem) {
      isStopped = true;
      status.textContent = answer.problem;
      return;
    }
    stored = sent;
    version.value = answer.version;
    status.textContent = `Gespeichert um ${answer.at} Uhr.`;
  }

  text.addEventListener("input", () => {
    showCount();
    clearTimeout(timer);
    timer = window.setTimeout(store, PAUSE);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    isStopped = true;
  });
}

for (const form of parts(document, "form[data-autosave]", HTMLFormElement)) storeWhileTyping(form);
