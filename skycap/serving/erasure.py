"""Erasure at the wish of a traveller in the chat: carried out when the turn is over and its events are stored.

The action that heard the yes (actions/shared_privacy.py) cannot do it: the turn it is part of is written after it.
Reads the turn's events, empties every store of this one conversation through `skycap.rights`, logs the receipt.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from rasa.core.channels.channel import OutputChannel
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import delete

from flights import database
from skycap.handoffs import HandoffQueue
from skycap.rights import AHEAD, NotReached, Places, Row, erase_conversation
from skycap.settings import settings
from skycap.state.analytics.archive import open_archive
from skycap.state.opening import FAILURES
from skycap.state.tracker_store import WindowTrackerStore
from skycap.vault import vault

if TYPE_CHECKING:
    from skycap.serving.agent import SkycapProcessor

logger = logging.getLogger(__name__)
SLOT = "confirm_erasure"


class StoredConversations:
    """The server's own tracker store, as `skycap.rights` erases from it. Raises NotReached for stores it cannot."""

    def __init__(self, store: TrackerStore) -> None:
        if not isinstance(store, (WindowTrackerStore, InMemoryTrackerStore, SQLTrackerStore)):
            raise NotReached(f"A tracker store of type {type(store).__name__} cannot be erased from.")
        self._store = store
        self.unit = "turns" if isinstance(store, WindowTrackerStore) else "events"

    def erase(self, conversation_id: str) -> int:
        """Delete a conversation; returns how many turns or events it had, in Rasa's memory store 1 for all of them."""
        if isinstance(self._store, WindowTrackerStore):
            return self._store.backend.erase(conversation_id)
        if isinstance(self._store, InMemoryTrackerStore):
            return int(self._store.store.pop(conversation_id, None) is not None)
        events = self._store.SQLEvent
        with self._store.session_scope() as session:
            gone = session.execute(delete(events).where(events.sender_id == conversation_id)).rowcount
            session.commit()
            return gone


def agreed(tracker: DialogueStateTracker) -> bool:
    """Whether the traveller said yes to the erasure with the last message."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return False
        if isinstance(event, SlotSet) and event.key == SLOT and (event.value or {}).get("answer") is True:
            return True
    return False


def erase(store: TrackerStore, conversation_id: str) -> list[Row]:
    """Erase a conversation from every store; returns the receipt.

    Raises NotReached, and what the databases raise; a second run finishes the first. SQLite's files are not written
    anew, which would hold up everybody: `skycap privacy expire` does that.
    """
    current = settings()
    engine = database.engine(current.flights_url)
    HandoffQueue(engine)  # its tables may not be there yet
    places = Places(
        settings=current,
        engine=engine,
        conversations=StoredConversations(store),
        vault=vault(),
        archive=open_archive(current.figures_url),
        has_broker=False,
        files=(),
    )
    return erase_conversation(places, conversation_id, current.now().date())


class Erasures:
    """Those that were agreed to in turns not yet stored."""

    def __init__(self, processor: SkycapProcessor) -> None:
        self._processor = processor
        self._agreed: dict[str, OutputChannel] = {}

    def note(self, tracker: DialogueStateTracker, output_channel: OutputChannel) -> None:
        """Remember a yes that was said in this turn, until the turn is stored."""
        if agreed(tracker):
            self._agreed[tracker.sender_id] = output_channel

    async def carry_out(self, tracker: DialogueStateTracker) -> None:
        """Erase the conversation that was just stored, if that was agreed to, and tell the traveller alone."""
        channel = self._agreed.pop(tracker.sender_id, None)
        if channel is None:
            return
        try:
            receipt = await asyncio.to_thread(erase, self._processor.tracker_store, tracker.sender_id)
        except (NotReached, *FAILURES) as error:
            logger.error("an erasure failed: %s", type(error).__name__)
            await self._processor.say("utter_erasure_failed", channel, tracker)
            return
        done = [row for row in receipt if row.count]
        for row in done:
            logger.info("erased at a traveller's wish: %s", row)
        ahead = any(row.store == "bookings" and row.why == AHEAD for row in done)
        kept = " Your booking stays valid and in the accounts, without your name." if ahead else ""
        await self._processor.say("utter_erased", channel, tracker, {"bookings": kept})
