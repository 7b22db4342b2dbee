// The message log: turns transcript items into elements, keeps only the latest choices alive, and keeps the reader's
// place. An item: {id, from: "user"|"bot"|"error"|"note", text, quick_replies?, custom?, image?, language?, spoken_by?,
// with_person?, retry?}.

import { make, makeButton, makeCards } from "./cards.js";
import { say, speak } from "./strings.js";

const log = document.getElementById("log");
const scroller = document.getElementById("scroll");
const shown = new Map();

function makeText(className, text) {
  const paragraph = make("p", className);
  // Addresses become links; everything else stays text.
  for (const part of String(text).split(/(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)])/)) {
    if (!/^https?:\/\//.test(part)) {
      paragraph.append(part);
      continue;
    }
    const link = make("a", "", part);
    link.href = part;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    paragraph.append(link);
  }
  return paragraph;
}

function makeImage(address, text) {
  let url;
  try {
    url = new URL(address, document.baseURI);
  } catch {
    return null;
  }
  if (!["http:", "https:"].includes(url.protocol)) return null;
  const image = make("img", "picture");
  image.src = url.href;
  image.alt = text || say("picture");
  image.loading = "lazy";
  return image;
}

function makeQuickReplies(replies, send) {
  if (!replies?.length) return null;
  return make(
    "div",
    "replies",
    ...replies.map(({ title, payload }) => makeButton("reply", title, (event) => send(payload, title, event))),
  );
}

const MAKERS = {
  user: (item) => [make("span", "unseen", say("you_said")), makeText("bubble", item.text)],
  note: (item) => [make("p", "note-text", item.text)],
  error: (item, send) => [
    makeText("bubble error", item.text),
    item.retry
      ? make(
          "div",
          "replies",
          makeButton("reply", say("try_again"), (event) => send(item.retry.message, item.retry.label, event)),
        )
      : null,
  ],
  bot: (item, send) => [
    item.spoken_by
      ? make("span", "spoken-by", say("person_said", { name: item.spoken_by }))
      : make("span", "unseen", say("skycap_said")),
    ...(makeCards(item.custom, send) ?? (item.text ? [makeText("bubble", item.text)] : [])),
    item.image ? makeImage(item.image, item.text) : null,
    makeQuickReplies(item.quick_replies, send),
  ],
};

// Old choices would mean something else now: quick replies end with the next message of the traveller, offers with
// the next list of offers, a booking or a new conversation.
function retireChoices(item) {
  if (item.from === "user" || item.from === "note") for (const each of log.querySelectorAll(".replies")) each.remove();
  if (item.from === "note" || ["offers", "booking"].includes(item.custom?.type)) {
    for (const each of log.querySelectorAll(".choose")) each.remove();
  }
}

// Who answers now: the last reply tells.
function showPerson(name) {
  document.getElementById("with-person").hidden = !name;
  document.getElementById("with-person-text").textContent = name ? say("with_person", { name }) : "";
}

// As far down as possible while what the traveller said last stays in view, so that a long list is read from its top.
function keepPlace() {
  const said = log.querySelectorAll(".message.user");
  const last = said[said.length - 1];
  const top = last ? last.offsetTop - 12 : Infinity;
  scroller.scrollTo({ top: Math.min(top, scroller.scrollHeight) });
}

/** Show an item once. `send(message, label, event)` is what its buttons call. */
export function show(item, send) {
  if (shown.has(item.id) || !Object.hasOwn(MAKERS, item.from)) return;
  retireChoices(item);
  if (item.language) speak(item.language);
  if (item.from === "bot" || item.from === "note") showPerson(item.with_person);
  const children = MAKERS[item.from](item, send).filter((each) => each !== null);
  const element = make("article", `message ${item.from}`, ...children);
  shown.set(item.id, element);
  log.append(element);
  document.getElementById("welcome").hidden = true;
  keepPlace();
}

/** Show these items instead of all others, without having them read aloud. */
export function showAll(items, send) {
  log.setAttribute("aria-live", "off");
  log.replaceChildren();
  shown.clear();
  showPerson(null);
  document.getElementById("welcome").hidden = false;
  for (const item of items) show(item, send);
  setTimeout(() => log.setAttribute("aria-live", "polite"), 500);
}

/** Mark the messages that wait for a connection: a Set of item ids. */
export function markWaiting(ids) {
  for (const [id, element] of shown) {
    const isWaiting = ids.has(id);
    if (isWaiting === element.classList.contains("waiting")) continue;
    element.classList.toggle("waiting", isWaiting);
    if (isWaiting) element.append(make("p", "waiting-text", say("waiting")));
    else element.querySelector(".waiting-text")?.remove();
  }
}

/** Show or hide the typing sign. */
export function showTyping(isTyping) {
  document.getElementById("typing").hidden = !isTyping;
  if (isTyping) keepPlace();
}
