// While a text in easy language is typed, its findings stand beside the field. The server has the rules; without this
// script the button "Text prüfen" sends the form and the same list comes back.
const pause = 600; // milliseconds without typing
const unreachable = "Die Prüfung ist gerade nicht erreichbar. Ihr Text bleibt, wie er ist.";

// The server counts characters, a field counts UTF-16 units: an emoji is one there and two here.
function placesIn(text) {
  const places = [0];
  for (const character of text) places.push(places.at(-1) + character.length);
  return places;
}

function checkOf(field) {
  const form = field.form;
  const section = document.querySelector("[data-easy-check]");
  const list = section.querySelector("[data-easy-list]");
  const summary = section.querySelector("[data-easy-summary]");
  const blank = section.querySelector("template[data-easy-finding]").content;
  let timer = 0;
  let running = null;
  let checked = ""; // the text that the list speaks of

  async function ask(text, signal) {
    const response = await fetch(field.dataset.easyCheckUrl, {
      method: "POST",
      headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, Accept: "application/json" },
      body: new URLSearchParams({ text }), // a form would change the line ends, and with them every place
      credentials: "same-origin",
      signal,
    });
    if (!response.ok || response.redirected) throw new Error(response.status);
    return response.json();
  }

  async function check() {
    clearTimeout(timer);
    running?.abort();
    const own = (running = new AbortController());
    const text = field.value;
    try {
      const answer = await ask(text, own.signal);
      checked = text;
      show(answer);
    } catch (error) {
      if (own.signal.aborted) return; // a newer check is on its way
      list.replaceChildren();
      say(unreachable);
    }
  }

  function show({ findings, summary: sentence }) {
    const places = placesIn(checked);
    list.replaceChildren(...findings.map((finding) => item(finding, places[finding.start], places[finding.end])));
    say(sentence);
  }

  function say(sentence) {
    if (summary.textContent !== sentence) summary.textContent = sentence;
  }

  function item(finding, start, end) {
    const copy = blank.cloneNode(true);
    const part = (name) => copy.querySelector(`[data-part="${name}"]`);
    const fill = (name, text) => (part(name).textContent = text);
    copy.firstElementChild.classList.add(`easy-finding--${finding.severity}`);
    fill("severity", `${finding.severity_name}:`);
    fill("rule", finding.rule_name);
    fill("number", `Satz ${finding.sentence}:`);
    fill("quote", finding.quote);
    fill("message", finding.message);
    fill("proposal", finding.proposal_in_words);
    describe(part("show"), finding);
    part("show").addEventListener("click", () => ifUnchanged(() => select(start, end)));
    if (finding.proposal === null) {
      part("proposal-line").remove();
      part("apply").remove();
    } else {
      describe(part("apply"), finding);
      part("apply").addEventListener("click", () => ifUnchanged(() => apply(finding.proposal, start, end)));
    }
    return copy;
  }

  // Many buttons of one name: each says where it belongs to.
  function describe(button, finding) {
    button.setAttribute("aria-label", `${button.textContent}: ${finding.rule_name}, Satz ${finding.sentence}`);
  }

  function ifUnchanged(action) {
    if (field.value === checked) action();
    else check();
  }

  function select(start, end) {
    field.focus();
    field.setSelectionRange(start, end);
    const lineOfStart = field.value.slice(0, start).split("\n").length - 1;
    const lines = field.value.split("\n").length;
    field.scrollTop = (field.scrollHeight * lineOfStart) / lines - field.clientHeight / 2;
  }

  function apply(proposal, start, end) {
    field.setRangeText(proposal, start, end, "select");
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true })); // the draft takes it over
    check();
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(check, pause);
  });
  form.querySelector("button[name=pruefen]")?.addEventListener("click", async (event) => {
    event.preventDefault();
    await check();
    section.querySelector("h2").focus();
  });
  if (field.value.trim()) check();
}

for (const field of document.querySelectorAll("textarea[data-easy-check-url]")) checkOf(field);
