// Stores a text while it is typed, without leaving the page, and says how long it takes to read. Where somebody else has
// changed the text meanwhile it stops and says so: saving by the button then shows both.
const wait = 3000; // milliseconds without typing
const wordsAMinute = 180;
const longText = 1200; // words, as in reports/writing/readiness.py

const form = document.querySelector("form[data-autosave]");
const text = form?.querySelector("textarea");
if (text) {
  const status = form.querySelector("[data-autosave-status]");
  const count = form.querySelector("[data-word-count]");
  const tooLong = form.querySelector("[data-long-text]");
  let timer = 0;
  let stored = text.value;
  let isStopped = false;

  const showCount = () => {
    const words = text.value.split(/\s+/).filter(Boolean).length;
    const minutes = Math.max(1, Math.round(words / wordsAMinute));
    count.textContent = `${words} ${words === 1 ? "Wort" : "Wörter"}, etwa ${minutes} ${minutes === 1 ? "Minute" : "Minuten"} zu lesen`;
    tooLong.hidden = words <= longText;
  };

  const store = async () => {
    if (isStopped || text.value === stored) return;
    const sent = text.value;
    let answer;
    try {
      const response = await fetch(form.dataset.autosave, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "error" });
      answer = await response.json();
    } catch {
      status.textContent = "Gerade nicht gespeichert. Bitte speichern Sie mit dem Knopf.";
      return;
    }
    if (answer.problem) {
      isStopped = true;
      status.textContent = answer.problem;
      return;
    }
    stored = sent;
    form.elements.version.value = answer.version;
    status.textContent = `Gespeichert um ${answer.at} Uhr.`;
  };

  text.addEventListener("input", () => {
    showCount();
    clearTimeout(timer);
    timer = setTimeout(store, wait);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    isStopped = true;
  });
}
