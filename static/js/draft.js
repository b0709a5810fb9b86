// Keeps what is typed in forms with data-draft in this browser, until it is saved: after a crash, an ended session or a
// closed tab it is back. A key names account and page, so nobody else who signs in here gets to see it. Signing out
// empties all of the account.
const account = document.currentScript.dataset.account;
const prefix = `kiv-draft:${account}:`;
const keptDays = 14;
const neverKept = ["csrfmiddlewaretoken", "_typed_by"];
const pause = 250; // milliseconds without typing
let isSignedOut = false;

// Private windows may refuse the storage: then there are no drafts, and everything else works.
function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, draft) {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // full or refused
  }
}

function remove(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // refused
  }
}

function ownKeys() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

function removeOld() {
  for (const key of ownKeys()) {
    const age = Date.now() - (read(key)?.at ?? 0);
    if (age > keptDays * 24 * 3600 * 1000) remove(key);
  }
}

function typedIn(form) {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !neverKept.includes(name));
}

function fill(form, fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const element of form.elements) {
    if (!element.name || neverKept.includes(element.name) || element.type === "file") continue;
    const kept = values.get(element.name) ?? [];
    if (element.type === "checkbox" || element.type === "radio") element.checked = kept.includes(element.value);
    else if (element.tagName === "SELECT") {
      for (const option of element.options) option.selected = kept.includes(option.value);
    } else if (element.type !== "submit" && kept.length > 0) element.value = kept[0];
  }
}

// What came back is never folded away.
function unfold(form) {
  for (const details of form.querySelectorAll("details")) {
    const filled = [...details.querySelectorAll("input, select, textarea")].some((field) =>
      field.type === "checkbox" || field.type === "radio" ? field.checked : field.value,
    );
    if (filled) details.open = true;
  }
}

function keepDraftOf(form) {
  const key = prefix + form.dataset.draft;
  const notice = document.querySelector("[data-draft-notice]");
  const atFirst = typedIn(form);
  let timer = 0;

  function keep() {
    clearTimeout(timer);
    timer = 0;
    if (!isSignedOut) write(key, { at: Date.now(), fields: typedIn(form) });
  }

  function restore() {
    const draft = read(key);
    if (!Array.isArray(draft?.fields)) return;
    fill(form, draft.fields);
    unfold(form);
    if (!notice) return;
    notice.hidden = false;
    say(notice.querySelector("[data-draft-sentence]").textContent);
  }

  function discard() {
    clearTimeout(timer);
    timer = 0;
    remove(key);
    form.reset();
    fill(form, atFirst); // hidden fields do not reset by themselves
    notice.hidden = true;
    say("Der Entwurf ist verworfen.");
    form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  }

  for (const event of ["input", "change"]) {
    form.addEventListener(event, () => {
      clearTimeout(timer);
      timer = setTimeout(keep, pause);
    });
  }
  window.addEventListener("pagehide", () => timer && keep());
  document.addEventListener("visibilitychange", () => timer && keep());
  notice?.querySelector("[data-draft-discard]").addEventListener("click", discard);

  if (form.hasAttribute("data-draft-restore")) restore();
  else keep(); // came back from the server with errors, or after a new sign-in: this is the newest text
}

// First what the server has saved, then what may come back.
for (const saved of document.querySelectorAll("[data-saved]")) remove(prefix + saved.dataset.saved);
removeOld();
for (const form of document.querySelectorAll("form[data-draft]")) {
  if (!form.querySelector("[type=password]")) keepDraftOf(form);
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-signs-out]")) return;
  isSignedOut = true;
  for (const key of ownKeys()) remove(key);
});
