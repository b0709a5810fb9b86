// What is typed in a form, and how it comes back. Controls are told apart by their `type`, so that this needs no page.

/**
 * @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control
 * @typedef {[name: string, value: string][]} Typed
 */

const STAND = ["version", "seen"]; // which stand of a row the page has shown
const HIDDEN = [...STAND, "entry_key"]; // the only hidden values that are kept: others may be tokens
const ROWS = /-TOTAL_FORMS$/; // how many rows a formset has
const MOST_ROWS = 50;
const NOT_TYPED = ["button", "submit", "reset", "image", "file", "password", "fieldset", "output"];
const SECRET = /^(one-time-code|(current|new)-password|cc-)/;

/** @param {HTMLFormElement} form */
export const controlsOf = (form) => /** @type {Control[]} */ ([...form.elements].filter((one) => "name" in one));

/** @param {Control} control */
function isKept({ name, type, autocomplete }) {
  if (!name || NOT_TYPED.includes(type) || SECRET.test(autocomplete ?? "")) return false;
  return type !== "hidden" || HIDDEN.includes(name) || ROWS.test(name);
}

/**
 * @param {Control[]} controls
 * @returns {Typed}
 */
export const typedIn = (controls) => values(controls, (control) => control.value, "checked", "selected");

/**
 * What the server has sent, whatever was typed since or the browser has put in by itself.
 * @param {Control[]} controls
 * @returns {Typed}
 */
export const sentIn = (controls) =>
  values(
    controls,
    (control) => ("defaultValue" in control ? control.defaultValue : ""),
    "defaultChecked",
    "defaultSelected",
  );

/**
 * @param {Control[]} controls
 * @param {(control: Control) => string} valueOf
 * @param {"checked" | "defaultChecked"} checked
 * @param {"selected" | "defaultSelected"} selected
 * @returns {Typed}
 */
function values(controls, valueOf, checked, selected) {
  return controls.filter(isKept).flatMap((control) => {
    if ("options" in control) return chosen(control, selected).map((option) => pair(control, option.value));
    if (isBox(control)) return control[checked] ? [pair(control, control.value)] : [];
    return [pair(control, valueOf(control))];
  });
}

/**
 * @param {HTMLSelectElement} select
 * @param {"selected" | "defaultSelected"} selected
 */
function chosen(select, selected) {
  const found = [...select.options].filter((option) => option[selected]);
  return found.length || select.type !== "select-one" ? found : [...select.options].slice(0, 1);
}

/**
 * @param {Control} control
 * @param {string} value
 * @returns {[string, string]}
 */
const pair = ({ name }, value) => [name, value];

/**
 * @param {Control} control
 * @returns {control is HTMLInputElement}
 */
const isBox = (control) => control.type === "checkbox" || control.type === "radio";

/**
 * @param {Typed} typed
 * @returns {Map<string, string[]>}
 */
function byName(typed) {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const [name, value] of typed) found.set(name, [...(found.get(name) ?? []), value]);
  return found;
}

/**
 * The same words and choices; the stand of the row and keys do not count, nor line breaks as servers write them.
 * @param {Typed} one
 * @param {Typed} other
 */
export const isSame = (one, other) => inWords(one) === inWords(other);

/** @param {Typed} typed */
function inWords(typed) {
  const words = typed.filter(([name, value]) => value && !HIDDEN.includes(name) && !ROWS.test(name));
  return JSON.stringify(words.map(([name, value]) => [name, value.replaceAll("\r\n", "\n")]).sort());
}

/**
 * The stand of the row that somebody typed on.
 * @param {Typed} typed
 */
export const standOf = (typed) => JSON.stringify(typed.filter(([name]) => STAND.includes(name)));

/**
 * Puts the values back, control by control; `changed` hears of each that is another now, so that what hangs on it (the
 * fields of a town) is there before the next.
 * @param {Control[]} controls
 * @param {Typed} typed
 * @param {(control: Control) => void} changed
 * @param {{ keepsStand?: boolean }} options true: the stand that the page shows stays
 */
export function fill(controls, typed, changed, { keepsStand = false } = {}) {
  const kept = byName(typed);
  for (const control of controls) {
    if (!isKept(control) || (keepsStand && STAND.includes(control.name))) continue;
    if (put(control, kept.get(control.name) ?? [])) changed(control);
  }
}

/**
 * @param {Control} control
 * @param {string[]} kept values of this name; a line of text takes the first of them away
 * @returns {boolean} whether it is another now
 */
function put(control, kept) {
  if ("options" in control) return choose(control, kept);
  if (isBox(control)) return assign(control, "checked", kept.includes(control.value));
  return kept[0] !== undefined && assign(control, "value", kept.shift() ?? "");
}

/**
 * @param {HTMLSelectElement} control
 * @param {string[]} kept
 */
function choose(control, kept) {
  const moved = [...control.options].filter((option) => option.selected !== kept.includes(option.value));
  for (const option of moved) option.selected = kept.includes(option.value);
  return moved.length > 0;
}

/**
 * @template {"checked" | "value"} Name
 * @param {HTMLInputElement | HTMLTextAreaElement} control
 * @param {Name} name
 * @param {boolean | string} value
 */
function assign(control, name, value) {
  const known = /** @type {Record<string, boolean | string>} */ (/** @type {unknown} */ (control));
  if (known[name] === value) return false;
  known[name] = value;
  return true;
}

/**
 * Names of the formsets that want more rows than the page has, once for each missing row.
 * @param {Control[]} controls
 * @param {Typed} typed
 */
export function missingRows(controls, typed) {
  const wanted = new Map(typed);
  return controls
    .filter(({ name }) => ROWS.test(name))
    .flatMap(({ name, value }) => {
      const missing = Math.min(MOST_ROWS, Number(wanted.get(name) ?? 0) - Number(value));
      return missing > 0 ? Array.from({ length: missing }, () => name.replace(ROWS, "")) : [];
    });
}
