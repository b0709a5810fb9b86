// Parts that a page must have, with their kind: a template that lost one is noticed by its name.

/**
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} kind
 */
export function byId(id, kind) {
  return checked(document.getElementById(id), kind, `#${id}`);
}

/**
 * The first one inside `root`.
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} kind
 */
export function part(root, selector, kind) {
  return checked(root.querySelector(selector), kind, selector);
}

/**
 * All of them inside `root`.
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} kind
 */
export function parts(root, selector, kind) {
  return [...root.querySelectorAll(selector)].map((found) => checked(found, kind, selector));
}

/**
 * @template {Element} T
 * @param {Element | null} found
 * @param {new () => T} kind
 * @param {string} name
 */
function checked(found, kind, name) {
  if (!(found instanceof kind)) throw new Error(`${name} is not a ${kind.name} of this page`);
  return found;
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Partial<HTMLElementTagNameMap[Name]>} properties
 * @param {...(Node | string)} children
 */
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
