/**
 * One polite voice for parts that change by themselves (base.html): a screen reader says the sentence.
 * @param {string | undefined} sentence
 */
export function say(sentence) {
  const voice = document.getElementById("ansage");
  if (voice && sentence && voice.textContent !== sentence) voice.textContent = sentence;
}
