// Which fields and kinds belong to the chosen town: those of its county.

/**
 * @typedef {{ id: number, name: string, county: string }} Town
 * @typedef {{ code: string, name: string, county: string }} Choice
 */

/**
 * As long as no town is chosen, those of all the towns; two counties may have the same code.
 * @param {Choice[]} choices
 * @param {Town[]} towns
 * @param {string} chosenTown the id as a form control has it, "" for none
 * @returns {Map<string, string>} names by code, in the portal's order
 */
export function choicesFor(choices, towns, chosenTown) {
  const town = towns.find(({ id }) => String(id) === chosenTown);
  const own = choices.filter(({ county }) => !town || county === town.county);
  return new Map(own.map(({ code, name }) => [code, name]));
}

/**
 * After the first option, before those that the page itself has. What was chosen stays, if it is still offered.
 * @param {HTMLSelectElement} select
 * @param {Map<string, string>} choices names by value
 * @param {string} [wanted]
 */
export function offer(select, choices, wanted = "") {
  const state = JSON.stringify([...choices]);
  if (select.dataset.state === state) return;
  select.dataset.state = state;
  const value = select.value || wanted;
  const own = [...select.options].filter((option) => !option.dataset.isOffered);
  const made = [...choices].map(([code, name]) => new Option(name, code));
  for (const option of made) option.dataset.isOffered = "yes";
  select.replaceChildren(...own.slice(0, 1), ...made, ...own.slice(1));
  select.value = value;
  if (select.selectedIndex < 0) select.value = "";
}
