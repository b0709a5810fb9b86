// Sends what waits, on every page of a mediator: at once, when the connection comes back, and again and again with
// growing pauses. The portal stores an entry once, however often it arrives; one tab sends at a time.

const offlineQueue = (() => {
  const setup = document.querySelector("script[data-target]").dataset;
  const PAUSES = [5, 15, 30, 60, 120, 300]; // seconds
  const LOST = { kind: "lost" };
  const PASSING = new Set([0, 403, 429]); // a redirect, a token out of date, too many at once: later it may work
  const isKeptPage = setup.account === "";
  let failures = 0;
  let timer = 0;
  let status = { kind: "unknown" };

  const account = () => setup.account || offlineStore.currentAccount();
  const isWaiting = (entry) => !isRefused(entry);
  const isRefused = (entry) => Object.keys(entry.errors).length > 0;

  function counted(number, waiting = "") {
    return number === 1 ? `1 Eintrag wartet${waiting}` : `${number} Einträge warten${waiting}`;
  }

  async function ask(address, options = {}) {
    const limit = AbortSignal.timeout(options.body ? 120_000 : 15_000);
    const headers = { Accept: "application/json", ...options.headers };
    try {
      const answer = await fetch(address, { ...options, headers, signal: limit, redirect: "manual", cache: "no-store" });
      const isData = answer.headers.get("Content-Type")?.startsWith("application/json");
      return { code: answer.status, data: isData ? await answer.json() : {} };
    } catch {
      return LOST; // no network, no portal, or an answer that broke off
    }
  }

  // Who is signed in now, what to keep for the account, and a fresh token.
  async function greet() {
    const answer = await ask(setup.source);
    if (answer.code === 401) {
      await offlineStore.markSignedOut(account());
      return { kind: "signed-out" };
    }
    if (answer.code === 403) return { kind: "forbidden" };
    if (answer.code !== 200) return LOST;
    const { csrf_token: token, ...data } = answer.data;
    await offlineStore.keep(data);
    if (isKeptPage) offlineStore.setCurrent(data.account);
    return { kind: String(data.account) === account() ? "ready" : "other-account", token };
  }

  function formOf(entry) {
    const form = new FormData();
    for (const name of offlineStore.FIELDS) if (entry.fields[name]) form.append(name, entry.fields[name]);
    form.append("account", entry.account);
    form.append("entry_key", entry.key);
    if (entry.isChanged) form.append("is_changed_since_sending", "1");
    if (entry.isChecked) form.append("privacy_checked", entry.seen ?? "");
    if (entry.photo) {
      form.append("photo", entry.photo.blob, entry.photo.name);
      form.append("photo_key", entry.photo.key);
      form.append("photo_alt", entry.photo.alt);
      if (entry.photo.isDecorative) form.append("photo_decorative", "on");
    }
    return form;
  }

  // Noted before it leaves: from now on the portal may have it.
  async function sendOne(entry, token) {
    await offlineStore.update(entry.key, (now) => ({ ...now, isTried: true }));
    const answer = await ask(setup.target, { method: "POST", body: formOf(entry), headers: { "X-CSRFToken": token } });
    if (answer === LOST) return "lost";
    if (answer.code === 200) {
      // changed in another tab while it was on its way: that has to go, too
      await offlineStore.update(entry.key, (now) => (now.changedAt === entry.changedAt ? null : { ...now, isChanged: true }));
      return "sent";
    }
    if (answer.code === 401) return "signed-out";
    if (answer.code === 409) return "other-account";
    if (PASSING.has(answer.code) || answer.code >= 500) return "failed";
    await offlineStore.update(entry.key, (now) => ({ ...now, errors: refusal(answer), seen: answer.data.seen ?? "" }));
    return "refused";
  }

  function refusal(answer) {
    if (answer.data.errors) return answer.data.errors;
    if (answer.code === 413) return { photo: ["Dieses Foto ist zu groß. Bitte wählen Sie eine kleinere Fassung."] };
    return { __all__: ["Das Portal hat diesen Eintrag nicht verstanden. Bitte prüfen Sie ihn."] };
  }

  async function sendAll(force) {
    status = await greet();
    if (status.kind !== "ready") return;
    const entries = await offlineStore.entriesOf(account());
    const outcomes = new Set();
    for (const entry of entries.filter((one) => isWaiting(one) || one.key === force)) {
      const outcome = await sendOne(entry, status.token);
      outcomes.add(outcome);
      if (["lost", "signed-out", "other-account"].includes(outcome)) {
        status = { kind: outcome };
        return;
      }
      changed();
    }
    if (outcomes.has("sent")) await greet(); // the list of own entries has grown
    if (outcomes.has("failed")) status = LOST;
  }

  // `force`: the key of one entry that the portal has refused before.
  async function run(force = "") {
    clearTimeout(timer);
    if (!account() && !isKeptPage) return changed();
    const alone = (work) => (navigator.locks ? navigator.locks.request("kiv-unterwegs-senden", work) : work());
    await alone(() => sendAll(force));
    failures = status.kind === "lost" ? failures + 1 : 0;
    const pause = PAUSES[Math.min(failures, PAUSES.length) - 1];
    const waiting = (await offlineStore.entriesOf(account())).filter(isWaiting);
    if (pause && waiting.length) timer = setTimeout(start, pause * 1000);
    return changed();
  }

  const changed = () => document.dispatchEvent(new CustomEvent("kiv-queue", { detail: status }));
  const start = () => run().catch(() => changed());

  // Nothing waits, and what is kept is fresh: no need to ask.
  async function startIfNeeded() {
    const [entries, kept] = await Promise.all([offlineStore.entriesOf(account()), offlineStore.kept(account())]);
    const isFresh = kept && !kept.isSignedOut && Date.now() - kept.keptAt < 60_000;
    if (isKeptPage || entries.some(isWaiting) || !isFresh) await start();
  }

  async function showNotice() {
    const notice = document.getElementById("warteschlange");
    if (!notice) return;
    const entries = await offlineStore.entriesOf(account());
    const waiting = entries.filter(isWaiting).length;
    const refused = entries.length - waiting;
    const parts = [waiting && counted(waiting, " auf Verbindung"), refused && needHelp(refused)].filter(Boolean);
    const link = document.createElement("a");
    link.href = setup.page;
    link.textContent = parts.join(", ");
    if (notice.textContent !== link.textContent) notice.replaceChildren(...(parts.length ? [link] : []));
  }

  const needHelp = (number) => (number === 1 ? "1 Eintrag braucht Ihre Hilfe" : `${number} Einträge brauchen Ihre Hilfe`);

  async function signOut(form) {
    const question = document.getElementById("abmelden-frage");
    const number = (await offlineStore.entriesOf(account())).length;
    if (number > 0 && question) {
      document.getElementById("abmelden-frage-zahl").textContent =
        number === 1 ? "1 Eintrag ist noch nicht im Portal." : `${number} Einträge sind noch nicht im Portal.`;
      question.returnValue = "";
      question.showModal();
      await new Promise((closed) => question.addEventListener("close", closed, { once: true }));
      if (question.returnValue === "queue") location.assign(setup.page);
      if (question.returnValue !== "yes") return;
    }
    await offlineStore.forget(account());
    const worker = await navigator.serviceWorker?.getRegistration("/");
    await worker?.unregister();
    reallySignOut(form);
  }

  // Sent as by a press of the button, so that everybody else who listens (the drafts) hears of it, too.
  function reallySignOut(form) {
    form.dataset.forgotten = "yes";
    form.requestSubmit();
  }

  // Before portal.js marks the form as sent.
  document.addEventListener(
    "submit",
    (event) => {
      if (event.target.getAttribute("action") !== setup.signOut || event.target.dataset.forgotten) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      signOut(event.target).catch(() => reallySignOut(event.target));
    },
    true,
  );

  document.addEventListener("kiv-queue", () => showNotice().catch(() => {}));
  window.addEventListener("online", start);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && startIfNeeded().catch(() => {}));
  if ("serviceWorker" in navigator && !isKeptPage) navigator.serviceWorker.register(setup.worker).catch(() => {});
  changed();
  startIfNeeded().catch(() => changed());

  return { account, run, changed, isRefused, isWaiting, counted, needHelp, setup };
})();
