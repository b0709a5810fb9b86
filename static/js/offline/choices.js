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
