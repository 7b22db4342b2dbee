// The page's own words, from languages/<code>/page.yml. Which language is shown follows the browser, then the
// conversation; replies come from the assistant as they are.

const STRINGS = await (await fetch(new URL("strings.json", import.meta.url))).json();
const wanted = (navigator.languages ?? [navigator.language]).map((each) => (each || "").slice(0, 2).toLowerCase());

/** The page's language: the first of the browser's that there are words in, or the one that is spoken. */
export let language = wanted.find((each) => each in STRINGS) ?? "en";

/** The text called `name` in the page's language, its {placeholders} filled from `values`. */
export function say(name, values = {}) {
  return STRINGS[language][name].replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

/** The text called `name`, or `otherwise` where the page has no such text. */
export function sayOr(name, otherwise) {
  return Object.hasOwn(STRINGS[language], name) ? STRINGS[language][name] : otherwise;
}

/** Go on in the language of the conversation, where there are words in it. */
export function speak(code) {
  if (code === language || !Object.hasOwn(STRINGS, code)) return;
  language = code;
  translatePage();
}

/** Put the page's language into the marked elements of the document. */
export function translatePage() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-state]")) element.textContent = say(`status_${element.dataset.state}`);
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = say(element.dataset.text);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", say(element.dataset.label));
  for (const element of document.querySelectorAll("[data-placeholder]")) element.placeholder = say(element.dataset.placeholder);
}
