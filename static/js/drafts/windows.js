// Other windows on the same form: which of them are open, and whose draft is whose.

const PREFIX = "kiv-draft:";

/**
 * Says that this window writes the draft, until `release` is called or the window is gone.
 * @param {string} id
 * @returns {() => void} release
 */
export function hold(id) {
  /** @type {() => void} */
  let release = () => {};
  const isReleased = new Promise((resolve) => (release = () => resolve(undefined)));
  navigator.locks?.request(PREFIX + id, () => isReleased).catch(() => {}); // refused: then nobody knows
  return release;
}

/**
 * Ids of the drafts that are written just now; none where the browser does not tell.
 * @returns {Promise<string[]>}
 */
export async function heldOnes() {
  try {
    const { held = [] } = await navigator.locks.query();
    return held.map(({ name = "" }) => name.slice(PREFIX.length));
  } catch {
    return [];
  }
}

/** The draft that this window wrote last in the form: a window that is loaded anew is no other window. @param {string} name */
export function ownId(name) {
  try {
    return sessionStorage.getItem(`kiv-own-draft:${name}`) ?? "";
  } catch {
    return "";
  }
}

/** @param {string} name @param {string} id */
export function rememberOwn(name, id) {
  try {
    sessionStorage.setItem(`kiv-own-draft:${name}`, id);
  } catch {
    // then it is one draft among others
  }
}
