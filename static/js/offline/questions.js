// What the portal asks about an entry, in the queue and above the form: a calm question, never an error.

import { element } from "../dom.js";

/** @import { Question } from "./entry.js" */

const ABOUT_TEXTS = "Dieser Text kann öffentlich werden. Er soll nicht verraten, um wen es geht.";

/**
 * What stands above the list. An entry kept before there were other questions asks about its texts.
 * @param {Question[]} questions
 */
export const reasonToAsk = (questions) =>
  questions.some(({ is_public_text = true }) => is_public_text) ? ABOUT_TEXTS : "Sie entscheiden.";

/** @param {Question[]} questions */
export const answerOf = (questions) => questions.at(-1)?.answer ?? "Darf so bleiben";

/** @param {Question[]} questions */
export function questionList(questions) {
  const places = questions.map(({ label, before, excerpt, after, why }) => {
    const place = element("li", {}, `${label}: „${before}`, element("mark", { textContent: excerpt }), `${after}“ `);
    place.append(element("span", { className: "privacy-question__why", textContent: why }));
    return place;
  });
  return element("ul", { className: "privacy-question__places" }, ...places);
}
