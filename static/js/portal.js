// Small helps; every page works without them.

import { say } from "./announce.js";
import { part, parts } from "./dom.js";
import "./files.js";
import "./folds.js";

// After sending a form: the summary of errors, or else a question, or else the confirmation, takes focus so that it is
// read out.
const summary = document.getElementById("fehler");
const question = document.getElementById("pruefen");
const messages = document.getElementById("meldungen");
if (summary) {
  document.title = `Fehler: ${document.title}`;
  summary.focus();
} else if (question) {
  document.title = `Bitte prüfen: ${document.title}`;
  question.focus();
} else if (messages && messages.children.length > 0 && !document.querySelector("[autofocus]")) {
  messages.focus();
}

// Whose browser this is now: what waits in it for a connection is shown to this account only.
if (document.body.dataset.account) {
  try {
    localStorage.setItem("kiv-account", document.body.dataset.account);
  } catch {
    // a browser that keeps nothing has nothing to show
  }
}

// A second click on the way does nothing. The button stays reachable and says what happens.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method === "get" || form.hasAttribute("data-repeatable")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "true";
  event.submitter?.setAttribute("aria-disabled", "true");
  say("Wird gesendet.");
});

// Coming back with the browser's back button: the form can be sent again.
window.addEventListener("pageshow", () => {
  for (const form of parts(document, "form[data-sent]", HTMLFormElement)) {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  }
});

// A button for who does not know the browser's menu.
for (const offer of parts(document, ".print-offer", HTMLElement)) {
  const button = part(offer, "[data-print]", HTMLElement);
  button.hidden = false;
  part(offer, "[data-without-script]", HTMLElement).hidden = true;
  button.addEventListener("click", async () => {
    const pictures = parts(document, "main img", HTMLImageElement);
    for (const picture of pictures) picture.loading = "eager"; // those below the screen would be empty on paper
    await Promise.allSettled(pictures.map((picture) => picture.decode()));
    window.print();
  });
}

// A part that changes by itself carries its sentence in data-announce.
new MutationObserver(() => {
  const changed = document.querySelector("[data-announce]");
  if (changed instanceof HTMLElement) say(changed.dataset.announce);
}).observe(document.querySelector("main") ?? document.body, {
  childList: true,
  subtree: true,
  attributeFilter: ["data-announce"],
});

// Tables that become cards on phones keep their meaning in browsers that drop it with display: block.
for (const table of parts(document, ".stack-on-phone", HTMLElement)) {
  const roles = { thead: "rowgroup", tbody: "rowgroup", tfoot: "rowgroup", tr: "row", td: "cell" };
  table.setAttribute("role", "table");
  for (const [name, role] of Object.entries(roles)) {
    for (const found of parts(table, name, HTMLElement)) found.setAttribute("role", role);
  }
  for (const head of parts(table, "th", HTMLTableCellElement)) {
    head.setAttribute("role", head.scope === "row" ? "rowheader" : "columnheader");
  }
}
