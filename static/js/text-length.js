// Says while a text is typed how long it takes to read.

import { part, parts } from "./dom.js";
import { readingTime } from "./reading-time.js";

for (const count of parts(document, "[data-word-count]", HTMLElement)) {
  const form = count.closest("form");
  if (!form) continue;
  const text = part(form, "textarea", HTMLTextAreaElement);
  const tooLong = part(form, "[data-long-text]", HTMLElement);
  text.addEventListener("input", () => {
    const { sentence, isLong } = readingTime(text.value);
    count.textContent = sentence;
    tooLong.hidden = !isLong;
  });
}
