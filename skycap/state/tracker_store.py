"""Rasa's tracker store over a window of each conversation: a turn costs the same however long it has gone on.

In endpoints.yml:

    tracker_store:
      type: skycap.state.tracker_store.WindowTrackerStore
      url: sqlite:///var/conversations.db        # or postgresql://…, redis://…, memory:
      # archive: postgresql://…                  # where turns go that have left a window in Redis

Loads a snapshot and the last SKYCAP_WINDOW_TURNS turns, saves what is new of a turn in one commit, and refuses to
save what somebody else has overtaken. What the backend fails at is tried once more; then its error propagates.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, TypeVar

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, SessionStarted, UserUttered
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

from skycap.kept import kind_is
from skycap.settings import settings
from skycap.state.backend import Position, StaleWrite, StateBackend, Turn, UnreadableConversation
from skycap.state.encoding import decode, encode
from skycap.state.held import fence_of
from skycap.state.opening import open_state
from skycap.state.window import snapshot

logger = logging.getLogger(__name__)
T = TypeVar("T")
_STORED = "_stored_by_skycap"
MOST_OF_AN_ID = 255  # characters of a message's id


@dataclass
class _Stored:
    """What of a tracker is stored: so many of its events, said in these turns (messages in each, by number)."""

    position: Position
    events: int
    messages: dict[int, int]
    with_snapshot: tuple[int, ...]
    replaces: bool = False  # the tracker was made anew: its messages were answered before


class WindowTrackerStore(TrackerStore):
    """Keeps conversations in a StateBackend."""

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        *,
        backend: StateBackend | None = None,
        window_turns: int | None = None,
        archive: str | None = None,
        **unknown: Any,
    ) -> None:
        """Open the backend at the address `host` (`url` in endpoints.yml), with its `archive`, or use the one given.

        Raises what the backend raises when it cannot be reached, and ValueError for options there are none of.
        """
        if unknown:
            raise ValueError(f"The tracker store knows no option {', '.join(unknown)}, only url and archive.")
        super().__init__(domain, event_broker)
        self.backend = backend or open_state(host or "memory:", archive)
        self._window_turns = window_turns or settings().window_turns
        self._snapshot_every = max(1, self._window_turns // 5)

    def init_tracker(self, sender_id: str) -> DialogueStateTracker:
        """An empty tracker; slots are copied as `copy.copy` does, in a fifth of the time."""
        tracker = DialogueStateTracker(sender_id, (), max_event_history=self.max_event_history)
        tracker.slots = {slot.name: _twin(slot) for slot in self.domain.slots}
        return tracker

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker of the live window. Raises UnreadableConversation."""
        return await self._retrieve(sender_id, False)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """The tracker of all turns ever said. Raises UnreadableConversation."""
        return await self._retrieve(conversation_id, True)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the tracker's new events as one turn. Raises StaleWrite."""
        stored: _Stored | None = getattr(tracker, _STORED, None)
        if stored is None or len(tracker.events) < stored.events:  # made anew: its events replace the window
            stored = await self._replaced(tracker.sender_id)
        new = list(islice(tracker.events, stored.events, None))
        if not new:
            return
        setattr(tracker, _STORED, await _to_the_end(self._commit(tracker, stored, new)))
        if self.event_broker is not None:
            try:
                await self._stream_new_events(self.event_broker, new, tracker.sender_id)
            except Exception as error:  # what is stored counts
                logger.error("events could not be published: %s", type(error).__name__)

    async def replies(self, conversation_id: str, message_id: str) -> list[dict[str, Any]] | None:
        """What was answered to this message; None when it was never answered."""
        events = await _twice(self.backend.answered, conversation_id, message_id[-MOST_OF_AN_ID:])
        if events is None:
            return None
        with _alarm(conversation_id):
            return [event.message() for event in decode(events) if isinstance(event, BotUttered)]

    async def keys(self) -> Iterable[str]:
        return await asyncio.to_thread(self.backend.conversations)

    async def _retrieve(self, conversation: str, whole: bool) -> DialogueStateTracker | None:
        with _alarm(conversation):
            window = await _twice(self.backend.load, conversation)
            if window is None:
                return None
            turns = {number: decode(text) for number, text in window.turns.items()}
            before = decode(window.snapshot) if window.snapshot and not whole else []
            events = [*before, *(event for turn in turns.values() for event in turn)]
            if whole:
                texts = await _twice(asyncio.to_thread, self.backend.history, conversation)
                events = [event for text in texts for event in decode(text)]
        tracker = self.init_tracker(conversation)
        for event in events:  # as `tracker.update`, which first makes sure that each is one
            tracker.events.append(event)
            event.apply_to(tracker)
        messages = {number: _messages(turn) for number, turn in turns.items()}
        setattr(tracker, _STORED, _Stored(window.position, len(events), messages, window.with_snapshot))
        return tracker

    async def _replaced(self, conversation: str) -> _Stored:
        window = await _twice(self.backend.load, conversation)
        if window is None:
            return _Stored(Position(), 0, {}, ())
        last = window.position
        return _Stored(replace(last, first=last.version + 1, on_snapshot=False), 0, {}, (), replaces=True)

    async def _commit(self, tracker: DialogueStateTracker, stored: _Stored, new: list[Event]) -> _Stored:
        number = stored.position.version + 1
        messages, with_snapshot = {**stored.messages, number: _messages(new)}, stored.with_snapshot
        since = sum(count for turn, count in messages.items() if turn > max(with_snapshot, default=0))
        kept = None
        if since >= self._snapshot_every:
            kept = encode(snapshot(tracker, self.domain.slots), names=False)
            with_snapshot = (*with_snapshot, number)
        first, on_snapshot = self._begin(stored.position, new, messages, with_snapshot)
        position = Position(number, first, on_snapshot, fence_of(tracker.sender_id, stored.position.fence))
        said = next((event for event in new if isinstance(event, UserUttered)), None)
        message_id = said.message_id[-MOST_OF_AN_ID:] if said and said.message_id and not stored.replaces else None
        turn = Turn(encode(new), new[-1].timestamp, message_id, kept)
        await self._write(tracker.sender_id, turn, position)
        return _Stored(position, len(tracker.events), messages, with_snapshot)

    async def _write(self, conversation: str, turn: Turn, position: Position) -> None:
        """Commit. After a failure nobody knows whether it is stored, so again: then what is refused may be ours."""
        try:
            await _twice(self.backend.commit, conversation, turn, position)
        except StaleWrite:
            window = await self.backend.load(conversation)
            if window is None or window.turns.get(position.version) != turn.events:
                raise

    def _begin(
        self, last: Position, new: list[Event], messages: Mapping[int, int], with_snapshot: tuple[int, ...]
    ) -> tuple[int, bool]:
        """Where the window begins, and whether on a snapshot."""
        if last.version and any(isinstance(event, SessionStarted) for event in new):
            return last.version + 1, False
        for number in reversed(with_snapshot):
            if sum(count for turn, count in messages.items() if turn > number) >= self._window_turns:
                return max(number + 1, last.first), True if number + 1 >= last.first else last.on_snapshot
        return last.first, last.on_snapshot


async def _twice(call: Callable[..., Awaitable[T]], *arguments: Any) -> T:
    """What the call returns; one that fails is made once more, as its connection may have been lost meanwhile."""
    try:
        return await call(*arguments)
    except (StaleWrite, UnreadableConversation):
        raise
    except Exception as error:  # each driver has its own
        logger.warning("conversations: %s, trying once more", type(error).__name__)
        return await call(*arguments)


async def _to_the_end(commit: Awaitable[T]) -> T:
    """Wait for a commit even when its turn is given up meanwhile: the traveller is told whether it is stored."""
    running = asyncio.ensure_future(commit)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        return await running


@contextmanager
def _alarm(conversation: str) -> Iterator[None]:
    """Raise the alarm, and UnreadableConversation, when what is read inside is damaged."""
    try:
        yield
    except (UnreadableConversation, ValueError, TypeError, KeyError) as error:
        logger.critical("conversation %s cannot be read: %s", conversation, error)
        if isinstance(error, UnreadableConversation):
            raise
        raise UnreadableConversation(f"where it stands is damaged ({type(error).__name__})") from error


def _twin(slot: Slot) -> Slot:
    twin = type(slot).__new__(type(slot))
    twin.__dict__.update(slot.__dict__)
    return twin


def _messages(events: Iterable[Event]) -> int:
    return sum(kind_is(type(event), UserUttered) for event in events)
