// The chat page: its connection, session and queue. skycap/channels/web.py is the other end and names the events.
//
// A message is queued first and leaves the queue when the server says that its turn is done. After a lost connection the
// queue is sent again with the same ids, which the server answers once; replies carry ids too, and are shown once.

import { markWaiting, show, showAll, showTyping } from "./log.js";
import { addItem, load, onOtherTab, update } from "./store.js";
import { say, translatePage } from "./strings.js";

const MAX_QUEUE = 20;

const input = document.getElementById("message");
const status = document.getElementById("status");
const hasFinePointer = matchMedia("(pointer: fine)").matches;

translatePage();

const socket = io({
  path: new URL("socket.io", document.baseURI).pathname,
  transports: ["websocket", "polling"],
  tryAllTransports: true,
  reconnectionDelayMax: 5000,
  autoConnect: false,
});

let sessionId = null; // the confirmed one; null: not ready to send
let asked = null; // the session asked for and not yet confirmed
let wasConnected = false;
const sent = new Set(); // ids sent over this connection

const makeId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (each) => each.toString(16).padStart(2, "0")).join("");

function addAndShow(item) {
  addItem(item);
  show(item, send);
}

function focusInput(event) {
  // On a phone the keyboard would cover what was just said, unless the keyboard is what the traveller uses.
  if (hasFinePointer || event?.detail === 0) input.focus();
}

function showStatus() {
  const state = sessionId ? "online" : wasConnected ? "reconnecting" : "connecting";
  if (status.dataset.state !== state || !status.dataset.shown) {
    status.dataset.state = state;
    status.dataset.shown = "yes";
    status.textContent = say(`status_${state}`);
  }
  markWaiting(new Set(sessionId ? [] : load().queue.map((each) => each.id)));
}

function requestSession() {
  sessionId = null;
  asked = load().session;
  if (socket.connected) socket.emit("session_request", asked ?? {});
}

function flush() {
  if (!sessionId) return;
  for (const { id, message } of load().queue) {
    if (sent.has(id)) continue;
    sent.add(id);
    socket.emit("user_uttered", { message, id });
  }
}

/** Send `message`; the transcript shows `label` (what the button said) for it. */
function send(message, label = message, event = undefined) {
  if (load().queue.length >= MAX_QUEUE) {
    addAndShow({ id: makeId(), from: "error", text: say("queue_full") });
    return;
  }
  const item = { id: makeId(), from: "user", text: label };
  update((state) => {
    state.items.push(item);
    state.queue.push({ id: item.id, message, label });
  });
  show(item, send);
  showStatus();
  flush();
  focusInput(event);
}

function leaveQueue(id) {
  let left = null;
  const { queue } = update((state) => {
    left = state.queue.find((each) => each.id === id) ?? null;
    state.queue = state.queue.filter((each) => each.id !== id);
  });
  sent.delete(id);
  if (!queue.some((each) => sent.has(each.id))) showTyping(false);
  return left;
}

socket.on("connect", () => {
  wasConnected = true;
  sent.clear();
  requestSession();
});

socket.on("disconnect", (reason) => {
  sessionId = null;
  showTyping(false);
  showStatus();
  if (reason === "io server disconnect") setTimeout(() => socket.connect(), 1000);
});

socket.on("session_confirm", (session) => {
  const isOther = asked !== null && asked.session_id !== session.session_id;
  sessionId = session.session_id;
  update((state) => {
    state.session = { session_id: session.session_id, token: session.token };
  });
  if (isOther && load().items.length) {
    addAndShow({ id: `ended-${asked.session_id}`, from: "note", text: say("new_conversation") }); // once for all tabs
  }
  showStatus();
  flush();
});

socket.on("bot_typing", () => {
  if (sessionId) showTyping(true);
});

socket.on("bot_uttered", ({ event_id, text, quick_replies, custom, image, language, spoken_by, with_person }) => {
  if (sessionId) addAndShow({ id: event_id, from: "bot", text, quick_replies, custom, image, language, spoken_by, with_person });
});

socket.on("turn_done", ({ id }) => leaveQueue(id));

socket.on("bot_error", ({ id, text, code }) => {
  if (code === "no_session") {
    sent.delete(id);
    requestSession();
    return;
  }
  const left = leaveQueue(id);
  const retry = left && ["failed", "busy"].includes(code) ? { message: left.message, label: left.label } : null;
  addAndShow({ id: `error-${id ?? makeId()}`, from: "error", text, retry });
});

onOtherTab(() => {
  const state = load();
  if (sessionId && state.session?.session_id && state.session.session_id !== sessionId) {
    showAll(state.items, send); // the other tab started over: follow it
    requestSession();
    return;
  }
  for (const item of state.items) show(item, send);
});

document.getElementById("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = input.value.trim();
  input.focus();
  if (!text) return;
  input.value = "";
  send(text, text, event);
});

document.getElementById("start-over").addEventListener("click", () => {
  update((state) => Object.assign(state, { session: null, items: [], queue: [] }));
  showAll([], send);
  showTyping(false);
  requestSession();
  showStatus();
  input.focus();
});

// The words are English in every language of the page: the assistant reads them.
document.getElementById("back-to-skycap").addEventListener("click", (event) => send("back to Skycap", say("back_to_skycap"), event));

for (const button of document.querySelectorAll(".examples button")) {
  button.addEventListener("click", (event) => send(button.textContent, button.textContent, event));
}

showAll(load().items, send);
showStatus();
socket.connect();
if (hasFinePointer) input.focus();
