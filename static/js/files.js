// File fields: words in the language of the page, the camera of a phone, and what is asked about a chosen file only.

import { part, parts } from "./dom.js";

// What is chosen is asked a moment later: a script may take the file away.
for (const control of parts(document, "[data-file-control]", HTMLElement)) {
  const input = part(control, "input", HTMLInputElement);
  const name = part(control, ".file-control__name", HTMLElement);
  const nothing = name.textContent;
  const rest = document.querySelector(`[data-with-file="${input.id}"]`);
  const typed = rest?.querySelector("input, textarea");
  const hasWords = () =>
    (typed instanceof HTMLInputElement && typed.value !== "") || typed?.getAttribute("aria-invalid") === "true";
  const isKept = control.parentElement?.querySelector("[data-kept-file]");
  const show = () =>
    setTimeout(() => {
      name.textContent = input.files?.[0]?.name ?? nothing;
      if (rest instanceof HTMLElement) rest.hidden = !input.files?.length && !isKept && !hasWords();
    });
  control.classList.add("file-control--ready");
  part(control, ".file-control__face", HTMLElement).hidden = false;
  input.setAttribute("aria-describedby", [input.getAttribute("aria-describedby"), name.id].filter(Boolean).join(" "));
  input.addEventListener("change", show);
  input.form?.addEventListener("reset", show);
  window.addEventListener("pageshow", show);
  offerCamera(control, input);
}

/**
 * On a phone. Some browsers offer the camera for no file field by themselves; with `capture` they open nothing else.
 * @param {HTMLElement} control
 * @param {HTMLInputElement} input
 */
function offerCamera(control, input) {
  const button = control.parentElement?.querySelector("[data-camera-button]");
  if (!(button instanceof HTMLElement) || !matchMedia("(pointer: coarse)").matches) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    input.setAttribute("capture", "environment");
    input.click();
  });
  input.addEventListener("click", (event) => {
    if (event.isTrusted) input.removeAttribute("capture"); // by a finger on the field itself: the gallery
  });
}
