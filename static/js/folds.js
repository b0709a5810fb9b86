// "Konto" and "Menü" in the header, and what else is folded in narrow windows only. All of it opens without this script.
// With it, what a wide window shows open is open for whoever asks, and a tap beside the header's two, the Escape key
// and the focus that goes on close them.

import { parts } from "./dom.js";

const inHeader = parts(document, ".fold", HTMLDetailsElement);
const folds = [...inHeader, ...parts(document, ".unfold", HTMLDetailsElement)];
const sent = new Map(folds.map((fold) => [fold, { name: fold.name, open: fold.open }]));
/** @type {Set<HTMLDetailsElement>} */
const unfolded = new Set();

function arrange() {
  for (const fold of folds) {
    const isWide = getComputedStyle(fold).getPropertyValue("--unfolded") !== "";
    if (isWide === unfolded.has(fold)) continue;
    // of one name only one can be open; in a narrow window it is as the page was sent
    Object.assign(fold, isWide ? { name: "", open: true } : sent.get(fold));
    if (isWide) unfolded.add(fold);
    else unfolded.delete(fold);
  }
}

const open = () => inHeader.filter((fold) => fold.open && !unfolded.has(fold));

/** @param {Event} event */
function closeOthers({ target }) {
  for (const fold of open()) if (target instanceof Node && !fold.contains(target)) fold.open = false;
}

document.addEventListener("click", closeOthers);
document.addEventListener("focusin", closeOthers);
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  for (const fold of open()) {
    fold.open = false;
    fold.querySelector("summary")?.focus();
  }
});

const header = document.querySelector(".site-header");
if (header) new ResizeObserver(arrange).observe(header);
