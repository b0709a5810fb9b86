// What the privacy guard asks, in the queue and above the form: a calm question, never an error.

import { element } from "../dom.js";

/** @import { Question } from "./entry.js" */

/** @param {Question[]} questions */
export function questionList(questions) {
  const places = questions.map(({ label, before, excerpt, after, why }) => {
    const place = element("li", {}, `${label}: „${before}`, element("mark", { textContent: excerpt }), `${after}“ `);
    place.append(element("span", { className: "privacy-question__why", textContent: why }));
    return place;
  });
  return element("ul", { className: "privacy-question__places" }, ...places);
}
