"""A button counts while the question it belongs to is the last one with buttons, and once.

Between channels and `skycap/buttons.py`: conversations keep plain words, only what leaves is signed. The token of a
press becomes the id of its message, and a message seen before has no second effect, on any worker, after any restart.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from skycap.buttons import Buttons, OldButton, Press, turn_of
from skycap.settings import settings
from skycap.vault import keys_of

OLD_BUTTON = "utter_old_button"


def read_press(message: UserMessage) -> None:
    """Put a button's words, and its token as id, into the message; typed words stay. Raises OldButton."""
    text = message.text
    press = _buttons_of(settings()).read(message.sender_id, text) if isinstance(text, str) else None
    if press:
        message.text, message.message_id, message.press = press.words, press.id, press


def sign_on(message: UserMessage) -> None:
    """Sign the buttons that this message is answered with."""
    channel: OutputChannel = message.output_channel
    send, buttons, turn = channel.send_response, _buttons_of(settings()), turn_of(message.message_id)

    async def send_response(recipient_id: str, reply: dict[str, Any]) -> None:
        signed = {
            key: [{**each, "payload": _sign(each)} for each in reply[key]]
            for key in ("buttons", "quick_replies")
            if reply.get(key)
        }
        await send(recipient_id, {**reply, **signed})

    def _sign(button: dict[str, Any]) -> str:
        return buttons.sign(message.sender_id, button.get("payload") or button.get("title") or "", turn)

    channel.send_response = send_response  # type: ignore[method-assign]  # a channel object is made for each message


async def prove_current(message: UserMessage, store: TrackerStore) -> None:
    """Raise OldButton for a press of a button shown before the last ones; the last message may come twice."""
    press: Press | None = getattr(message, "press", None)
    if press is None:
        return
    tracker = await store.retrieve(message.sender_id)
    if tracker is None or tracker.is_paused():  # a person reads it
        return
    last = next((each for each in reversed(tracker.events) if isinstance(each, UserUttered)), None)
    if (last is None or last.message_id != message.message_id) and press.turn != _shown_by(tracker):
        raise OldButton


def _shown_by(tracker: DialogueStateTracker) -> bytes | None:
    """The turn whose replies had the last buttons."""
    shown = False
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered):
            shown = shown or bool(event.data.get("buttons") or event.data.get("quick_replies"))
        elif shown and isinstance(event, UserUttered):
            return turn_of(event.message_id)
    return None


@lru_cache(maxsize=8)
def _buttons_of(current: Any) -> Buttons:
    return Buttons(keys_of(current), current.button_minutes * 60)
