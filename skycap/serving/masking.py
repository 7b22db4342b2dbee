"""The second and third line: what reaches a tracker store or a log is masked once more.

Replies reach their owner whole. Used by `skycap/serving/agent.py` (channels, stores, names) and `skycap/serving/run.py`
(logs). Nothing here relies on `skycap/ingest.py` having done its work.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import logging
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any, TextIO

from rasa.core.channels.channel import OutputChannel
from rasa.core.tracker_store import TrackerStore
from rasa.shared.constants import ASSISTANT_ID_KEY
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import METADATA_MODEL_ID

from skycap import privacy
from skycap.ingest import shield_data
from skycap.vault import TOKEN, Vault, hide, persons

PERSON_SLOTS = {
    "passenger_name": "NAME", "contact_email": "EMAIL", "contact_phone": "PHONE", "trip_last_name": "NAME",
}  # fmt: skip
# Slots that hold ids of ours; nothing that was typed gets there.
IDS = {
    "selected_flight", "trip_flight", "offers_for", "hold_reference", "booking_reference", "trip_reference",
    "known_booking",
}  # fmt: skip
NAMES = (METADATA_MODEL_ID, ASSISTANT_ID_KEY)
_DONE = "_masked_by_skycap"


def reveal_on(channel: OutputChannel, conversation: str, vault: Vault) -> None:
    """Let this channel send the traveller their own values; the tracker keeps the tokens."""
    send = channel.send_response

    async def send_response(recipient_id: str, message: dict[str, Any]) -> None:
        shown = copy.deepcopy(message)
        if TOKEN.search(repr(shown)):  # only then is the vault asked, which may be slow
            shown = await asyncio.to_thread(vault.reveal, conversation, shown)
        await send(recipient_id, shown)

    channel.send_response = send_response  # a channel object is made for each message


def hide_person(events: Iterable[Event], conversation: str, vault: Vault) -> None:
    """Put tokens in the place of names, and whatever else the actions kept, in what was just said and answered."""
    new = [event for event in events if not getattr(event, _DONE, False)]
    for each in persons(vault, conversation) if new else ():
        for event in new:
            _hide(event, *each)


def withhold(events: Iterable[Event]) -> None:
    """Without the vault nobody knows what is a name: keep nothing of what was said."""
    for event in events:
        if isinstance(event, UserUttered) and not getattr(event, _DONE, False):
            _say_instead(event, "[WITHHELD]", [])


def _hide(event: Event, pattern: re.Pattern[str], token: str) -> None:
    known = [(pattern, token)]
    if isinstance(event, UserUttered):
        if event.text and (hit := pattern.search(event.text)):
            told = _words(hit.group())
            # Spans no longer fit the text, and their values may be the name.
            kept = [each for each in event.entities or () if told.isdisjoint(_words(str(each.get("value"))))]
            _say_instead(event, pattern.sub(token, event.text), kept)
    elif isinstance(event, BotUttered):
        event.text, event.data = hide(event.text, known), hide(event.data, known)
        event.metadata = hide(event.metadata, known)
    elif isinstance(event, SlotSet) and event.key == "remarks":  # they quote what was said
        event.value = hide(event.value, known)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _say_instead(event: UserUttered, text: str, entities: list[dict[str, Any]]) -> None:
    event.text, event.entities = text, entities
    if event.parse_data:
        event.parse_data.update(text=text, entities=entities)
        event.parse_data.pop("text_tokens", None)


def guard(store: TrackerStore) -> TrackerStore:
    """Let this store mask each new event before it writes."""
    save, retrieve = store.save, store.retrieve

    async def masking_save(tracker: DialogueStateTracker) -> None:
        ours = dict(zip(NAMES, (tracker.model_id, tracker.assistant_id), strict=True))
        for event in tracker.events:
            if not getattr(event, _DONE, False):
                mask_event(event, ours)
        await save(tracker)

    async def marking_retrieve(sender_id: str) -> DialogueStateTracker | None:
        tracker = await retrieve(sender_id)
        for event in tracker.events if tracker else ():
            setattr(event, _DONE, True)  # as it was written
        return tracker

    store.save, store.retrieve = masking_save, marking_retrieve
    return store


def mask_event(event: Event, ours: Mapping[str, str | None] = MappingProxyType({})) -> None:
    """Mask what an event says, in place, but for the names of our model and assistant in each event's metadata."""
    if isinstance(event, UserUttered):
        _mask_said(event)
    elif isinstance(event, BotUttered):
        event.text = privacy.mask(event.text) if event.text else event.text
        event.data = shield_data(event.data)
    elif isinstance(event, SlotSet) and event.key in ("remarks", "session_started_metadata"):
        event.value = shield_data(event.value)
    elif isinstance(event, SlotSet) and event.key in PERSON_SLOTS and not TOKEN.fullmatch(str(event.value or "[X:1]")):
        event.value = f"[{PERSON_SLOTS[event.key]}]"
    elif isinstance(event, SlotSet) and isinstance(event.value, str) and event.key not in IDS:
        event.value = privacy.mask(event.value)
    own = {key: each for key, each in event.metadata.items() if key in NAMES and each == ours.get(key)}
    event.metadata = {**own, **shield_data({key: each for key, each in event.metadata.items() if key not in own})}
    setattr(event, _DONE, True)


def _mask_said(event: UserUttered) -> None:
    masked = privacy.mask(event.text) if event.text else event.text
    if masked != event.text:
        _say_instead(event, masked, [])
    for each in event.entities or ():
        each.update({key: privacy.mask(value) for key, value in each.items() if isinstance(value, str)})
    message_id, event.message_id = event.message_id, shield_data(event.message_id)
    for key in ("metadata", "message_id") if event.parse_data else ():
        said = event.parse_data.get(key)
        if said:
            event.parse_data[key] = event.message_id if said == message_id else shield_data(said)


# --- logs

_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_said: ContextVar[str] = ContextVar("said", default="")


@contextlib.contextmanager
def unlogged(text: str) -> Iterator[None]:
    """Inside, no log shows this text or a word of it, in any case: names are not known before they are read."""
    token = _said.set(text)
    try:
        yield
    finally:
        _said.reset(token)


def mask_line(text: str) -> str:
    """A line of a log without personal data and without what the traveller of this turn said."""
    text = _ESCAPE.sub(lambda hit: chr(int(hit[1], 16)), text)  # as JSON writes other scripts' digits
    for pattern in _patterns_of(_said.get()):
        text = pattern.sub("[SAID]", text)
    return privacy.mask(text)


def _patterns_of(said: str) -> Iterator[re.Pattern[str]]:
    """A text and its words, made when a line is written: most turns write none."""
    if len(said) > 2:
        yield re.compile(re.escape(said), re.IGNORECASE)
    if words := set(re.findall(r"[^\W\d_]{3,}", said.casefold())):
        yield re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, words)))})\b", re.IGNORECASE)


class MaskingStream:
    """A text stream that masks what is written: prints, warnings, tracebacks that no logger saw."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        self._stream.write(mask_line(text))
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def mask_logs() -> None:
    """Mask in every handler there is and will be (records, tracebacks, access logs), and on both output streams."""
    if getattr(logging.Handler.format, _DONE, False):
        return
    formatted = logging.Handler.format

    def masking_format(self: logging.Handler, record: logging.LogRecord) -> str:
        return mask_line(formatted(self, record))

    setattr(masking_format, _DONE, True)
    # The one place that every handler passes: filters of loggers do not see records of others, nor tracebacks.
    logging.Handler.format = masking_format  # type: ignore[method-assign]
    sys.stdout, sys.stderr = MaskingStream(sys.stdout), MaskingStream(sys.stderr)
