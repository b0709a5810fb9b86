// Durations to tap: a chip writes its minutes into the field, so that the field always shows what will be saved.
// Without this script the server takes the chip where the field is empty.

import { parts } from "./dom.js";

for (const group of parts(document, ".chips", HTMLElement)) {
  const chips = parts(group, "input[type=radio]", HTMLInputElement);
  const field = document.getElementById(`id_${chips[0]?.name.replace(/_chip$/, "")}`);
  if (!(field instanceof HTMLInputElement)) continue;
  for (const chip of chips) {
    chip.addEventListener("change", () => {
      field.value = chip.value;
      field.dispatchEvent(new Event("change", { bubbles: true })); // the draft takes it over
    });
  }
  field.addEventListener("input", () => {
    for (const chip of chips) chip.checked = chip.value === field.value.trim();
  });
}
