// One calm line above the form: what came back, what else there is, and a button for each.

import { element } from "../dom.js";

/**
 * @typedef {{ sentence: string, label: string, about: string, press: () => void }} Line the button is called `label`; a
 *   screen reader hears `about`, too
 */

/**
 * @param {HTMLFormElement} form
 * @returns {(lines: Line[]) => void} shows these lines instead of those before
 */
export function noticeOf(form) {
  const place = element("div", { className: "draft-notice", hidden: true });
  form.before(place);
  return (lines) => {
    place.replaceChildren(...lines.map(line));
    place.hidden = !lines.length;
  };
}

/** @param {Line} line */
function line({ sentence, label, about, press }) {
  const button = element("button", { type: "button", className: "link-button" }, label);
  button.append(element("span", { className: "sr-only" }, `: ${about}`));
  button.addEventListener("click", press);
  return element("p", {}, sentence, " ", button);
}
