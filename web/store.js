// What survives a reload: the session and its token, the transcript, the messages not answered yet. In localStorage, so
// that a new tab continues; every change reads first, so that two tabs do not overwrite each other. Where storage is
// forbidden it lives in memory only.

const KEY = "skycap.chat.1";
const MAX_ITEMS = 200;
const MAX_IDLE_MILLISECONDS = 24 * 60 * 60 * 1000;

let memory = null;

const empty = () => ({ session: null, items: [], queue: [], used_at: Date.now() });

function isState(value) {
  return value !== null && typeof value === "object" && Array.isArray(value.items) && Array.isArray(value.queue);
}

/** The state: {session: {session_id, token}|null, items: [...], queue: [{id, message, label}]}. */
export function load() {
  let state = memory;
  try {
    state = JSON.parse(localStorage.getItem(KEY)) ?? memory;
  } catch {
    // Forbidden or spoilt: go on with what is in memory.
  }
  return isState(state) && Date.now() - state.used_at < MAX_IDLE_MILLISECONDS ? state : empty();
}

/** Let `change` edit the state, keep it and return it. */
export function update(change) {
  const state = load();
  change(state);
  state.items = state.items.slice(-MAX_ITEMS);
  state.used_at = Date.now();
  memory = state;
  try {
    localStorage.setItem(KEY, JSON.stringify(state));
  } catch {
    try {
      // Full: the older half of the transcript goes.
      localStorage.setItem(KEY, JSON.stringify({ ...state, items: state.items.slice(-MAX_ITEMS / 4) }));
    } catch {
      // Forbidden: memory it is.
    }
  }
  return state;
}

/** Add a transcript item unless it is there, put by another tab. */
export function addItem(item) {
  update((state) => {
    if (!state.items.some((each) => each.id === item.id)) state.items.push(item);
  });
}

/** Call `listener` when another tab changed the state. */
export function onOtherTab(listener) {
  addEventListener("storage", (event) => {
    if (event.key === KEY || event.key === null) listener();
  });
}
