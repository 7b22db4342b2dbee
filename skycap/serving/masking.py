"""The second and third line: what reaches a tracker store or a log is masked once more.

Replies reach their owner whole. Used by `skycap/serving/agent.py` (channels, stores, names) and `skycap/serving/run.py`
(logs). Nothing here relies on `skycap/ingest.py` having done its work.
"""

from __future__ import annotations

import contextlib
import copy
import logging
import re
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from itertools import count
from typing import Any, TextIO

from rasa.core.channels.channel import OutputChannel
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from skycap import privacy
from skycap.ingest import shield_data
from skycap.vault import TOKEN, Vault

PERSON_SLOTS = {"passenger_name": "NAME", "contact_email": "EMAIL", "contact_phone": "PHONE"}
_DONE = "_masked_by_skycap"


def reveal_on(channel: OutputChannel, conversation: str, vault: Vault) -> None:
    """Let this channel send the traveller their own values; the tracker keeps the tokens."""
    send = channel.send_response

    async def send_response(recipient_id: str, message: dict[str, Any]) -> None:
        await send(recipient_id, vault.reveal(conversation, copy.deepcopy(message)))

    channel.send_response = send_response  # a channel object is made for each message


def hide_person(event: UserUttered, conversation: str, vault: Vault) -> None:
    """Put tokens in the place of names (and whatever else the actions kept) in what the traveller said."""
    for kind in ("NAME", "EMAIL", "PHONE"):
        for number in count(1):
            token = f"[{kind}:{number}]"
            value = vault.get(conversation, token)
            if value is None:
                break
            words = r"\W+".join(map(re.escape, value.split()))
            _substitute(event, re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE), token)


def _substitute(event: UserUttered, pattern: re.Pattern[str], token: str) -> None:
    if not event.text or not pattern.search(event.text):
        return
    parts = [part for part in re.split(r"\W+", pattern.search(event.text).group()) if part]
    event.text = pattern.sub(token, event.text)
    if event.parse_data:
        event.parse_data["text"] = event.text
        event.parse_data.pop("text_tokens", None)
    # Spans no longer fit the text, and their values may be the name.
    told = {part.casefold() for part in parts}
    kept = [
        each for each in event.entities or () if told.isdisjoint(re.split(r"\W+", str(each.get("value")).casefold()))
    ]
    event.entities = kept
    if event.parse_data:
        event.parse_data["entities"] = kept


def guard(store: TrackerStore) -> TrackerStore:
    """Let this store mask each new event before it writes."""
    save, retrieve = store.save, store.retrieve

    async def masking_save(tracker: DialogueStateTracker) -> None:
        for event in tracker.events:
            if not getattr(event, _DONE, False):
                mask_event(event)
        await save(tracker)

    async def marking_retrieve(sender_id: str) -> DialogueStateTracker | None:
        tracker = await retrieve(sender_id)
        for event in tracker.events if tracker else ():
            setattr(event, _DONE, True)  # as it was written
        return tracker

    store.save, store.retrieve = masking_save, marking_retrieve
    return store


def mask_event(event: Event) -> None:
    """Mask what an event says, in place. Slots of the journey (offers, references) hold nothing that was typed."""
    if isinstance(event, UserUttered):
        _mask_said(event)
    elif isinstance(event, BotUttered):
        event.text = privacy.mask(event.text) if event.text else event.text
        event.data = shield_data(event.data)
    elif isinstance(event, SlotSet) and event.key in PERSON_SLOTS and not TOKEN.fullmatch(str(event.value or "[X:1]")):
        event.value = f"[{PERSON_SLOTS[event.key]}]"
    event.metadata = shield_data(event.metadata)
    setattr(event, _DONE, True)


def _mask_said(event: UserUttered) -> None:
    masked = privacy.mask(event.text) if event.text else event.text
    if masked != event.text:
        event.text, event.entities = masked, []
        if event.parse_data:
            event.parse_data.update(text=masked, entities=[])
            event.parse_data.pop("text_tokens", None)
    for each in event.entities or ():
        each.update({key: privacy.mask(value) for key, value in each.items() if isinstance(value, str)})
    if event.parse_data and event.parse_data.get("metadata"):
        event.parse_data["metadata"] = shield_data(event.parse_data["metadata"])
    event.message_id = shield_data(event.message_id)


# --- logs

_said: ContextVar[tuple[re.Pattern[str], ...]] = ContextVar("said", default=())


@contextlib.contextmanager
def unlogged(text: str) -> Iterator[None]:
    """Inside, no log shows this text or a capitalized word of it: names are not known before they are read."""
    patterns = []
    if len(text) > 2:
        patterns.append(re.compile(re.escape(text), re.IGNORECASE))
    if names := {word for word in re.findall(r"[^\W\d_]{3,}", text) if word[0].isupper()}:
        patterns.append(re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, names)))})\b"))
    token = _said.set(tuple(patterns))
    try:
        yield
    finally:
        _said.reset(token)


def mask_line(text: str) -> str:
    """A line of a log without personal data and without what the traveller of this turn said."""
    for pattern in _said.get():
        text = pattern.sub("[SAID]", text)
    return privacy.mask(text)


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
