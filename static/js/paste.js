// Takes formatted text from the clipboard (Word, LibreOffice, a web page) as what a report knows: paragraphs and lists.

import { parts } from "./dom.js";
import { plainText } from "./pasted-text.js";

/**
 * @param {HTMLTextAreaElement} field
 * @param {string} text
 */
function insert(field, text) {
  // keeps the browser's Undo; where that is not offered the text comes in all the same
  if (!document.execCommand("insertText", false, text)) {
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

for (const field of parts(document, "textarea[data-paste]", HTMLTextAreaElement)) {
  field.addEventListener("paste", (event) => {
    const html = event.clipboardData?.getData("text/html");
    const text = html ? plainText(html) : "";
    if (!text) return; // plain text, a picture: the browser knows what to do
    event.preventDefault();
    insert(field, text);
    const status = field.form?.querySelector("[data-paste-status]");
    if (status) status.textContent = "Eingefügt. Absätze und Listen sind geblieben, alles andere ist entfernt.";
  });
}
