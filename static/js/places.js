// Where a character stands in a text.

/**
 * The server counts characters, a field counts UTF-16 units: an emoji is one there and two here.
 * @param {string} text
 * @returns {number[]} of each character, and of the end
 */
export function placesIn(text) {
  const places = [0];
  let place = 0;
  for (const character of text) places.push((place += character.length));
  return places;
}
