// The page that works without a connection: the queue, the form, and the own recent entries, filled from this browser.

(() => {
  const at = (id) => document.getElementById(id);
  const control = (name) => at(`unterwegs_${name}`);
  const { FIELDS } = offlineStore;
  const PHOTO_BYTES = 15 * 1024 * 1024;
  const form = at("unterwegs-form");
  let editing = null; // the entry in the form, null for a new one
  let photo = null;
  let last = { field: "", kind: "" };
  let offered = { towns: [], fields: [], kinds: [] }; // what the portal last sent for this account

  function element(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  // --- days: what is relative today must not move while the entry waits

  const DAYS_AGO = { heute: 0, gestern: 1, vorgestern: 2 };
  const written = (day) => day.toLocaleDateString("de-DE", { day: "2-digit", month: "2-digit", year: "numeric" });

  function fixedDay(text) {
    const word = text.trim().toLowerCase();
    const today = new Date();
    if (word in DAYS_AGO) return written(new Date(today.getFullYear(), today.getMonth(), today.getDate() - DAYS_AGO[word]));
    const match = /^(\d{1,2})\.\s*(\d{1,2})\.?$/.exec(word);
    if (!match) return text.trim();
    const [day, month] = [Number(match[1]), Number(match[2]) - 1];
    for (let year = today.getFullYear(); year > today.getFullYear() - 5; year -= 1) {
      const found = new Date(year, month, day);
      if (found.getMonth() === month && found <= today) return written(found);
    }
    return text.trim();
  }

  // --- errors, as every form of the portal shows them

  const ICON = '<span class="kern-icon kern-icon--danger" aria-hidden="true"></span>';
  const REQUIRED = {
    title: "Bitte geben Sie der Aktivität einen Titel.",
    municipality: "Bitte wählen Sie eine Kommune.",
    day: "Bitte geben Sie ein Datum an.",
    minutes: "Bitte geben Sie an, wie lange es gedauert hat.",
    field: "Bitte wählen Sie ein Handlungsfeld oder Querschnitt.",
    kind: "Bitte wählen Sie eine Art.",
  };
  const DAY_UNCLEAR = "Dieses Datum verstehen wir nicht. Bitte schreiben Sie zum Beispiel 1.3.2022 oder „gestern“.";
  const DURATION_UNCLEAR = "Diese Dauer verstehen wir nicht. Bitte schreiben Sie zum Beispiel 90, 1h30 oder 1,5 Stunden.";

  function icon() {
    const holder = document.createElement("template");
    holder.innerHTML = ICON;
    return holder.content;
  }

  function clearErrors() {
    at("unterwegs-fehler").replaceChildren();
    form.querySelectorAll(".kern-error").forEach((error) => error.remove());
    form.querySelectorAll("[aria-invalid]").forEach((field) => {
      field.removeAttribute("aria-invalid");
      describe(field, "");
    });
    for (const sign of ["kern-form-input--error", "field--error"]) {
      form.querySelectorAll(`.${sign}`).forEach((part) => part.classList.remove(sign));
    }
  }

  function describe(field, errorId) {
    const ids = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && !id.endsWith("_error"));
    field.setAttribute("aria-describedby", [...ids, errorId].filter(Boolean).join(" "));
    if (!field.getAttribute("aria-describedby")) field.removeAttribute("aria-describedby");
  }

  function markField(field, sentences) {
    const id = `${field.id}_error`;
    const body = element("div", { className: "kern-body" }, ...sentences.map((text) => element("p", { textContent: text })));
    const error = element("div", { className: "kern-error", id }, icon(), body);
    const part = field.closest(".field");
    const anchor = part.querySelector(".kern-form-input__select-wrapper, .file-control") ?? field;
    if (field.type === "checkbox") part.append(error);
    else anchor.before(error);
    part.classList.add(field.type === "checkbox" ? "field--error" : "kern-form-input--error");
    field.setAttribute("aria-invalid", "true");
    describe(field, id);
  }

  function showErrors(errors, { focus = true } = {}) {
    clearErrors();
    const lines = [];
    for (const [name, sentences] of Object.entries(errors)) {
      const field = control(name);
      if (field) markField(field, sentences);
      for (const text of sentences) lines.push(element("li", {}, field ? linkTo(field, text) : text));
    }
    if (!lines.length) return;
    const several = `${lines.length} Angaben fehlen oder passen nicht`;
    const title = element("h3", { className: "error-summary__title", id: "fehler-titel" }, icon(), " ");
    title.append(lines.length === 1 ? "Eine Angabe fehlt oder passt nicht" : several);
    const summary = element("section", { className: "error-summary", id: "fehler", tabIndex: -1 }, title);
    summary.setAttribute("aria-labelledby", "fehler-titel");
    summary.append(element("p", { textContent: "Ihre Eingaben sind noch da." }), element("ul", {}, ...lines));
    at("unterwegs-fehler").append(summary);
    if (focus) summary.focus();
  }

  function linkTo(field, text) {
    const label = field.closest(".field").querySelector(".kern-label").firstChild.textContent.trim();
    return element("a", { href: `#${field.id}`, textContent: `${label}: ${text}` });
  }

  // --- the form

  function values() {
    const found = Object.fromEntries(FIELDS.map((name) => [name, control(name).value.trim()]));
    return { ...found, day: fixedDay(found.day) };
  }

  function problems(found) {
    const errors = {};
    for (const [name, sentence] of Object.entries(REQUIRED)) {
      if (!found[name] && (name !== "municipality" || !at("unterwegs-kommune").hidden)) errors[name] = [sentence];
    }
    if (found.day && !/^\d{1,2}[.\-/ ] ?(\d{1,2}[.\-/ ]|\p{L}+) ?\d{2,4}$|^\d{4}-\d\d-\d\d$/u.test(found.day)) errors.day = [DAY_UNCLEAR];
    if (found.minutes && !/\d/.test(found.minutes)) errors.minutes = [DURATION_UNCLEAR];
    if (photo && !control("photo_decorative").checked && !control("photo_alt").value.trim()) {
      errors.photo_alt = ["Bitte beschreiben Sie das Foto, oder sagen Sie, dass es nur schmückt."];
    }
    return errors;
  }

  async function save(event) {
    event.preventDefault();
    const account = offlineQueue.account();
    const fields = values();
    const errors = account ? problems(fields) : { __all__: ["Sie sind abgemeldet. Bitte melden Sie sich zuerst an."] };
    if (Object.keys(errors).length) return showErrors(errors);
    form.inert = true; // until it is stored: a second press makes no second entry, and clearing takes away nothing new
    try {
      await offlineStore.put(record(account, fields), { isNew: editing === null });
    } catch {
      form.inert = false;
      return showErrors({
        __all__: ["Auf diesem Gerät ist kein Platz mehr dafür. Vielleicht hilft es, das Foto wegzulassen."],
      });
    }
    form.inert = false;
    last = { field: fields.field, kind: fields.kind };
    const wasNew = editing === null;
    fill(null);
    await showAll();
    say(wasNew ? `Gespeichert: ${fields.title}. Der Eintrag wartet auf diesem Gerät.` : `Geändert: ${fields.title}.`);
    control("title").focus();
    offlineQueue.run().catch(() => {});
  }

  function record(account, fields) {
    const isDecorative = control("photo_decorative").checked;
    const alt = isDecorative ? "" : control("photo_alt").value.trim();
    const before = editing ?? { key: crypto.randomUUID(), typedAt: Date.now() };
    return {
      ...before,
      account,
      fields,
      photo: photo && { ...photo, alt, isDecorative },
      isChecked: control("privacy_checked").checked,
      errors: {},
    };
  }

  function fill(entry) {
    editing = entry;
    clearErrors();
    form.reset();
    const fields = entry?.fields ?? { day: written(new Date()), ...last };
    control("municipality").value = fields.municipality ?? "";
    showProgramme();
    for (const name of FIELDS) if (fields[name]) control(name).value = fields[name];
    photo = entry?.photo ?? null;
    control("photo_alt").value = photo?.alt ?? "";
    control("photo_decorative").checked = photo?.isDecorative ?? false;
    control("privacy_checked").checked = entry?.isChecked ?? false;
    at("unterwegs-geprueft").hidden = !entry?.errors.privacy_checked && !entry?.isChecked;
    at("unterwegs-form-titel").textContent = entry ? "Wartenden Eintrag ändern" : "Aktivität erfassen";
    at("unterwegs-abbrechen").hidden = !entry;
    showPhoto();
    if (entry) showErrors(entry.errors, { focus: false });
  }

  function open(entry) {
    fill(entry);
    at(Object.keys(entry.errors).length ? "fehler" : "unterwegs-form-titel").focus();
  }

  function showPhoto() {
    at("unterwegs-foto-da").hidden = !photo;
    at("unterwegs-foto-text").hidden = !photo;
    at("unterwegs-foto-name").textContent = photo ? `${photo.name}, ${size(photo.blob.size)}` : "";
  }

  const size = (bytes) =>
    bytes < 100_000
      ? `${Math.max(1, Math.round(bytes / 1000))} Kilobyte`
      : `${(bytes / 1e6).toLocaleString("de-DE", { maximumFractionDigits: 1 })} Megabyte`;

  // The bytes, not the file: a file on the phone may move or change before it is sent.
  async function takePhoto() {
    const file = control("photo").files[0];
    if (!file) return;
    control("photo").value = "";
    if (file.size > PHOTO_BYTES) {
      return showErrors({ photo: ["Dieses Foto ist größer als 15 Megabyte. Bitte wählen Sie eine kleinere Fassung."] });
    }
    try {
      const blob = new Blob([await file.arrayBuffer()], { type: file.type });
      photo = { blob, name: file.name, key: crypto.randomUUID() };
      showPhoto();
      say("Das Foto ist dabei. Bitte beschreiben Sie es.");
    } catch {
      showErrors({ photo: ["Dieses Foto lässt sich nicht lesen. Bitte wählen Sie es noch einmal."] });
    }
  }

  // --- what is shown

  function badge(entry) {
    const refused = offlineQueue.isRefused(entry);
    const sign = element("span", { className: "badge__dot" });
    sign.setAttribute("aria-hidden", "true");
    const word = element("span", { textContent: refused ? "nicht angenommen" : "wartet" });
    return element("span", { className: `badge badge--${refused ? "warning" : "neutral"}` }, sign, word);
  }

  function button(word, entry, action, style = "secondary") {
    const made = element("button", { type: "button", className: `button button--small button--${style}`, textContent: word });
    made.append(element("span", { className: "sr-only", textContent: ` (${entry.fields.title})` }));
    made.addEventListener("click", () => action(entry));
    return made;
  }

  const withUnit = (written) => (/^\d+$/.test(written) ? `${written} ${written === "1" ? "Minute" : "Minuten"}` : written);

  function item(entry) {
    const { title, day, minutes } = entry.fields;
    const facts = [day, withUnit(minutes), entry.photo && "mit Foto"].filter(Boolean).join(" · ");
    const reasons = Object.values(entry.errors).flat();
    return element(
      "li",
      {},
      element("h3", { className: "queue__title", textContent: title }),
      element("p", { className: "queue__facts" }, badge(entry), ` ${facts}`),
      ...reasons.map((text) => element("p", { className: "queue__reason" }, icon(), element("span", { textContent: text }))),
      element(
        "div",
        { className: "button-row" },
        button("Öffnen", entry, open),
        button("Jetzt senden", entry, (one) => sendNow(one)),
        button("Löschen", entry, remove, "danger"),
      ),
    );
  }

  async function sendNow(entry) {
    say("Wird gesendet.");
    await offlineQueue.run(entry.key).catch(() => {});
    const left = (await offlineStore.entriesOf(offlineQueue.account())).find((one) => one.key === entry.key);
    say(left ? outcome(left) : `Im Portal gespeichert: ${entry.fields.title}.`);
    focusQueue();
  }

  const outcome = (entry) => (offlineQueue.isRefused(entry) ? Object.values(entry.errors).flat().join(" ") : at("unterwegs-stand").textContent);

  async function remove(entry) {
    const question = at("unterwegs-loeschen");
    at("unterwegs-loeschen-was").textContent = entry.fields.title;
    question.returnValue = "";
    question.showModal();
    await new Promise((closed) => question.addEventListener("close", closed, { once: true }));
    if (question.returnValue !== "yes") return;
    await offlineStore.update(entry.key, () => null);
    if (editing?.key === entry.key) fill(null);
    await showAll();
    say(`Gelöscht: ${entry.fields.title}.`);
    focusQueue();
  }

  function focusQueue() {
    const titles = ["unterwegs-schlange", "unterwegs-fragen"].filter((id) => !at(id).hidden).map((id) => `${id}-titel`);
    if (document.activeElement === document.body || !document.activeElement) at(titles[0] ?? "unterwegs-form-titel").focus();
  }

  function showQueue(entries, isSignedOut) {
    const waiting = entries.filter(offlineQueue.isWaiting);
    const refused = entries.filter(offlineQueue.isRefused);
    at("unterwegs-schlange").hidden = !waiting.length;
    at("unterwegs-schlange-titel").textContent = waiting.length ? offlineQueue.counted(waiting.length, " auf Verbindung") : "";
    at("unterwegs-fragen").hidden = !refused.length;
    at("unterwegs-fragen-titel").textContent = refused.length ? offlineQueue.needHelp(refused.length) : "";
    renew(at("unterwegs-wartend"), isSignedOut ? [] : waiting);
    renew(at("unterwegs-abgelehnt"), isSignedOut ? [] : refused);
    at("unterwegs-senden").hidden = isSignedOut;
  }

  // Only when something has changed: the keyboard's place must not get lost.
  function renew(list, entries) {
    const state = JSON.stringify(entries.map((entry) => [entry.key, entry.fields, entry.errors, Boolean(entry.photo)]));
    if (list.dataset.state === state) return;
    list.dataset.state = state;
    const held = list.contains(document.activeElement);
    list.replaceChildren(...entries.map(item));
    if (held) focusQueue();
  }

  function sentence(status, kept) {
    if (status.kind === "signed-out" || kept?.isSignedOut) return "Bitte melden Sie sich an, dann geht es weiter.";
    if (status.kind === "forbidden") return "Mit diesem Konto erfassen Sie keine Aktivitäten.";
    if (status.kind === "other-account") return "Hier ist jetzt ein anderes Konto angemeldet.";
    if (!kept) return "Auf diesem Gerät ist noch nichts vorbereitet. Bitte melden Sie sich einmal mit Verbindung an.";
    if (status.kind === "ready") return "Die Verbindung zum Portal steht.";
    if (status.kind === "lost" && navigator.onLine) return "Das Portal antwortet gerade nicht. Wir versuchen es wieder.";
    if (status.kind === "lost") return "Zurzeit gibt es keine Verbindung. Ihre Einträge warten auf diesem Gerät.";
    return "";
  }

  function showStatus(status, kept) {
    const text = sentence(status, kept);
    const place = at("unterwegs-stand");
    if (!text || place.dataset.text === text) return;
    place.dataset.text = text;
    const kind = status.kind === "ready" && kept ? "success" : "info";
    const sign = element("span", { className: `kern-icon kern-icon--${kind}` });
    sign.setAttribute("aria-hidden", "true");
    const words = element("span", {}, text);
    if (!kept || kept.isSignedOut) {
      const address = `${offlineQueue.setup.signIn}?next=${encodeURIComponent(offlineQueue.setup.page)}`;
      words.append(" ", element("a", { href: address, textContent: "Anmelden" }));
    }
    place.replaceChildren(element("p", { className: `message message--${kind}` }, sign, words));
  }

  function showTowns() {
    offer("municipality", new Map(offered.towns.map((town) => [String(town.id), town.name])));
    at("unterwegs-kommune").hidden = offered.towns.length < 2;
  }

  // Fields and kinds of the chosen town's county; as long as no town is chosen, those of all the towns.
  function showProgramme() {
    const town = offered.towns.find(({ id }) => String(id) === control("municipality").value);
    const names = (rows) => new Map(rows.filter((row) => !town || row.county === town.county).map((row) => [row.code, row.name]));
    offer("field", names(offered.fields));
    offer("kind", names(offered.kinds));
  }

  // After the first option, before those that the page itself has. What was chosen stays, if it is still offered.
  function offer(name, choices) {
    const select = control(name);
    const state = JSON.stringify([...choices]);
    if (select.dataset.state === state) return;
    select.dataset.state = state;
    const wanted = select.value || editing?.fields[name] || last[name] || "";
    const [first, ...always] = [...select.options].filter((option) => !option.dataset.isOffered);
    const made = [...choices].map(([value, label]) => new Option(label, value));
    for (const option of made) option.dataset.isOffered = "yes";
    select.replaceChildren(first, ...made, ...always);
    select.value = wanted;
    if (select.selectedIndex < 0) select.value = "";
  }

  function showRecent(recent, keptAt) {
    at("unterwegs-zuletzt").hidden = !recent.length;
    at("unterwegs-zuletzt-stand").textContent = `Stand: ${written(new Date(keptAt))}`;
    at("unterwegs-zuletzt-liste").replaceChildren(
      ...recent.map((activity) =>
        element(
          "li",
          {},
          element("h3", { className: "queue__title", textContent: activity.title }),
          element("p", { className: "queue__facts", textContent: `${activity.day} · ${duration(activity.minutes)}` }),
        ),
      ),
    );
  }

  function duration(minutes) {
    const hours = Math.floor(minutes / 60);
    const parts = [hours && (hours === 1 ? "1 Stunde" : `${hours} Stunden`), minutes % 60 && (minutes % 60 === 1 ? "1 Minute" : `${minutes % 60} Minuten`)];
    return parts.filter(Boolean).join(" ");
  }

  async function showAll(status = { kind: "unknown" }) {
    const account = offlineQueue.account();
    const [entries, kept] = await Promise.all([offlineStore.entriesOf(account), offlineStore.kept(account)]);
    const isSignedOut = Boolean(kept?.isSignedOut);
    const isKnown = Boolean(kept) && !["forbidden", "other-account"].includes(status.kind);
    at("unterwegs").hidden = !isKnown;
    at("unterwegs-konto").textContent = kept && !isSignedOut ? kept.name : "";
    showStatus(status, kept);
    offered = { towns: kept?.towns ?? [], fields: kept?.fields ?? [], kinds: kept?.kinds ?? [] };
    showTowns();
    showProgramme();
    showQueue(entries, isSignedOut);
    showRecent(isSignedOut || !kept ? [] : kept.recent, kept?.keptAt);
  }

  document.addEventListener("kiv-queue", (event) => showAll(event.detail).catch(() => {}));
  window.addEventListener("storage", () => showAll().catch(() => {}));
  window.addEventListener("offline", () => showAll({ kind: "lost" }).catch(() => {}));
  form.addEventListener("submit", save);
  control("municipality").addEventListener("change", showProgramme);
  control("photo").addEventListener("change", takePhoto);
  at("unterwegs-foto-weg").addEventListener("click", () => {
    photo = null;
    showPhoto();
    control("photo").focus();
  });
  at("unterwegs-abbrechen").addEventListener("click", () => {
    fill(null);
    at("unterwegs-form-titel").focus();
  });
  at("unterwegs-senden").addEventListener("click", () => {
    say("Wird gesendet.");
    offlineQueue.run().catch(() => {});
  });
  fill(null);
  showAll(navigator.onLine ? undefined : { kind: "lost" }).catch(() => {});
})();
