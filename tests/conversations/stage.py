"""The stage of a conversation test: the trained agent, its real actions, a fresh database for each conversation.

Plays what script.py read and compares replies, buttons, slots and bookings with what the turns expect.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.log_utils import configure_structlog
from sqlalchemy import func, select, update
from sqlalchemy.exc import SQLAlchemyError

from flights import bookings, database, schedule, sealed
from skycap.serving.actions import InProcessActions
from skycap.serving.agent import SkycapAgent, load
from skycap.settings import settings
from skycap.vault import keys_of, vault
from tests.conversations.script import TODAY, Conversation, Turn

BOOKED = ("confirmed", "ticketed")
UNFILLED = re.compile(r"\{\w+\}|\bNone\b|\butter_\w+")
# Replies of turns that went wrong (utter_trouble, utter_default); a turn that may end so names its text in `bot`.
LAST_RESORTS = (
    "isn't working", "I can't follow", "funktioniert gerade etwas nicht", "kann Ihnen nicht folgen",
    "algo no funciona de nuestro lado", "no le sigo",
)  # fmt: skip


class Unmet(AssertionError):
    """A turn did not go as expected; the message holds the transcript up to it."""


class Dialogue:
    """One conversation with the assistant: what was said, what was offered."""

    def __init__(self, stage: Stage, reference: str | None = None) -> None:
        self.stage = stage
        self.reference = reference
        self.first_sender = self.sender = f"test-{uuid.uuid4().hex}"
        self.transcript: list[str] = []
        self.replies: list[dict[str, Any]] = []
        self.slots: dict[str, Any] = {}
        self.paused = False  # a person answers

    def say(self, text: str) -> list[dict[str, Any]]:
        """Send one message; returns the replies."""
        before = self.slots
        channel = CollectingOutputChannel()
        self.stage.run(self.stage.agent.handle_message(UserMessage(text, channel, self.sender)))
        self.replies = channel.messages
        tracker = self.stage.run(self.stage.agent.tracker_store.get_or_create_tracker(self.sender))
        self.slots, self.paused = tracker.current_slot_values(), tracker.is_paused()
        with suppress(SQLAlchemyError):  # a database that a test has taken away
            self.slots = vault().reveal(self.sender, self.slots)  # tokens, as what they stand for
        shortened = text if len(text) <= 200 else f"{text[:200]}… ({len(text)} characters)"
        self.transcript.append(f"user: {shortened!r}")
        self.transcript.extend(_line(reply) for reply in self.replies)
        hidden = ("offers", "offers_for", "remarks")
        changed = {k: v for k, v in self.slots.items() if v != before.get(k) and k not in hidden}
        if changed:
            self.transcript.append(f"      slots {changed}")
        return self.replies

    def wait(self, minutes: int) -> None:
        """Let time pass: whatever was said and held so far moves into the past."""
        store, gone = self.stage.agent.tracker_store, timedelta(minutes=minutes)
        tracker = self.stage.run(store.get_or_create_tracker(self.sender))
        for event in tracker.events:
            event.timestamp -= gone.total_seconds()
        moved = DialogueStateTracker.from_events(self.sender, list(tracker.events), store.domain.slots)
        self.stage.run(store.save(moved))
        table = database.bookings
        with database.engine(settings().flights_url).begin() as connection:
            for row in connection.execute(select(table).where(table.c.expires_at.isnot(None))).all():
                mine = update(table).where(table.c.reference == row.reference)
                connection.execute(mine.values(expires_at=row.expires_at - gone))
        self.transcript.append(f"({minutes} minutes pass)")

    def press(self, title: str) -> list[dict[str, Any]]:
        """Send the payload of the button with this title. Raises Unmet when it was not offered."""
        for button in self._shown():
            if button.get("title", "").casefold() == title.casefold():
                return self.say(button["payload"])
        raise Unmet(self.report([f"no button {title!r} was offered"]))

    def text(self) -> str:
        return "\n".join(reply.get("text") or "" for reply in self.replies)

    def buttons(self) -> list[dict[str, Any]]:
        """The buttons of the last replies with their words, without what signs them."""
        return [{**button, "payload": button["payload"].split("~~")[0]} for button in self._shown()]

    def _shown(self) -> list[dict[str, Any]]:
        return [button for reply in self.replies for button in reply.get("buttons") or ()]

    def cards(self) -> list[str]:
        return [reply["custom"].get("type") for reply in self.replies if reply.get("custom")]

    def bookings(self) -> int:
        """How many bookings of this conversation are made for good."""
        table = database.bookings
        query = select(func.count()).where(table.c.conversation_id == self.sender, table.c.state.in_(BOOKED))
        with database.engine(settings().flights_url).connect() as connection:
            return connection.execute(query).scalar_one()

    def booking(self) -> Mapping[str, Any]:
        """The booking the conversation is about: the one made before it, or else the last one made in it."""
        table = database.bookings
        which = table.c.reference == self.reference if self.reference else table.c.conversation_id == self.sender
        query = select(table).where(which).order_by(table.c.created_at.desc()).limit(1)
        with database.engine(settings().flights_url).connect() as connection:
            return connection.execute(query).one()._mapping

    def report(self, faults: list[str]) -> str:
        return "\n".join([*faults, "", "The conversation so far:", *self.transcript])

    def take(self, turn: Turn) -> None:
        """Play one turn. Raises Unmet."""
        self.sender = f"{self.first_sender}-{turn.sender}" if turn.sender else self.first_sender
        if turn.press is not None:
            self.press(turn.press)
        else:
            self.say(turn.user or "")
        if faults := [*self._broken_promises(turn), *self._differences(turn)]:
            raise Unmet(self.report(faults))

    def _broken_promises(self, turn: Turn) -> Iterator[str]:
        """What must hold after every turn, asked for or not."""
        said = self.text()
        if bool(self.replies) is bool(turn.expected.get("silent")):
            yield "there was a reply" if self.replies else "there was no reply"
        if hit := UNFILLED.search(said):
            yield f"a reply shows its template: {hit.group()!r}"
        texts = [reply["text"] for reply in self.replies if reply.get("text")]
        if len(texts) != len(set(texts)):
            yield "the same reply came twice"
        for each in LAST_RESORTS:
            if each in said and each not in turn.expected.get("bot", ()):
                yield f"the last resort was needed: {each!r}"

    def _differences(self, turn: Turn) -> Iterator[str]:
        expected, said = turn.expected, self.text().casefold()
        for each in expected.get("bot", ()):
            if each.casefold() not in said:
                yield f"no reply says {each!r}"
        for each in expected.get("not", ()):
            if each.casefold() in said:
                yield f"a reply says {each!r}"
        offered = {str(button.get(key)).casefold() for button in self.buttons() for key in ("title", "payload")}
        for each in expected.get("buttons", ()):
            if each.casefold() not in offered:
                yield f"no button {each!r} was offered"
        slots = self.slots
        for slot, value in expected.get("slots", {}).items():
            if slot not in slots:
                yield f"there is no slot {slot!r} in domain.yml"
            elif (slots[slot] or None) != (value or None):
                yield f"slot {slot} is {slots[slot]!r} instead of {value!r}"
        if "asks" in expected and slots.get("requested_slot") != expected["asks"]:
            yield f"asks for {slots.get('requested_slot')!r} instead of {expected['asks']!r}"
        if "custom" in expected and expected["custom"] not in (self.cards() or [None]):
            yield f"the cards are {self.cards()} instead of {expected['custom']!r}"
        if "bookings" in expected and self.bookings() != expected["bookings"]:
            yield f"{self.bookings()} bookings were made instead of {expected['bookings']}"
        booking = self.booking() if "booking" in expected else {}
        for column, value in expected.get("booking", {}).items():
            if str(booking[column]) != str(value):
                yield f"the booking's {column} is {booking[column]!r} instead of {value!r}"


class Stage:
    """The agent, loaded once, and a place for databases."""

    def __init__(self, model: Path) -> None:
        configure_structlog(logging.ERROR)
        self._temporary = tempfile.TemporaryDirectory(prefix="skycap-conversations-")
        self.folder = Path(self._temporary.name)
        self._loop = asyncio.new_event_loop()
        self._empty = self.folder / "empty.db"
        database.migrate(f"sqlite:///{self._empty}")
        database.engine(f"sqlite:///{self._empty}").dispose()
        self.agent: SkycapAgent = self.run(load(model, AvailableEndpoints(action=InProcessActions())))

    def run(self, work: Any) -> Any:
        return self._loop.run_until_complete(work)

    @contextmanager
    def dialogue(self, today: date = TODAY, booked: Mapping[str, Any] | None = None) -> Iterator[Dialogue]:
        """A new conversation on the day `today`, with a database of its own and, in it, the booking described."""
        file = self.folder / f"{uuid.uuid4().hex}.db"
        shutil.copy(self._empty, file)
        url = f"sqlite:///{file}"
        with environment(SKYCAP_TODAY=today.isoformat(), SKYCAP_DATABASE_URL=url):
            sealed.use(keys_of(settings()))  # a booking may stand before the first message
            yield Dialogue(self, book(url, **booked) if booked else None)
        database.engine(url).dispose()

    def play(self, conversation: Conversation) -> Dialogue:
        """Play a conversation from beginning to end. Raises Unmet at the first turn that goes otherwise."""
        with self.dialogue(conversation.today, conversation.booked) as dialogue:
            for turn in conversation.turns:
                dialogue.take(turn)
        return dialogue

    def close(self) -> None:
        self._loop.close()
        self._temporary.cleanup()


def book(
    url: str,
    *,
    origin: str = "BER",
    destination: str = "FCO",
    departure_date: date,
    return_date: date | None = None,
    passengers: int = 1,
    refundable: bool = False,
    name: str = "Anna Schmidt",
    reference: str = "K7QX2M",
) -> str:
    """Book in another conversation, a month before the flight; returns the reference."""
    search = {"origin": origin, "destination": destination, "departure_date": departure_date}
    search |= {"return_date": return_date, "passengers": passengers, "refundable": refundable, "cabin": "economy"}
    engine = database.engine(url)
    now = datetime.combine(departure_date - timedelta(days=30), time(12), timezone.utc)
    offer = schedule.search(engine, **search)[0]
    key = {"conversation_id": "elsewhere", "idempotency_key": "elsewhere"}
    held = bookings.hold(engine, offer_id=offer.id, passengers=passengers, now=now, **key)
    who = {"passenger_name": name, "contact_email": "someone@example.com", "contact_phone": "+49 30 7654321"}
    bookings.confirm(engine, held.reference, now=now, **who)
    bookings.ticket(engine, held.reference, now=now)
    with sqlite3.connect(engine.url.database) as connection:  # without foreign keys: references are drawn by lot
        for table in ("bookings", "booking_seats", "booking_events"):
            connection.execute(f"UPDATE {table} SET reference = ?", (reference,))
    connection.close()
    return reference


@contextmanager
def environment(**variables: str) -> Iterator[None]:
    """Settings from these variables inside the block, the former ones after it."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    settings.cache_clear()
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        settings.cache_clear()


def _line(reply: dict[str, Any]) -> str:
    parts = [reply.get("text") or ""]
    if reply.get("buttons"):
        parts.append(f"[{' | '.join(button['title'] for button in reply['buttons'])}]")
    if reply.get("custom"):
        parts.append(f"<card {reply['custom'].get('type')}>")
    return "bot:  " + " ".join(part for part in parts if part).replace("\n", "\n      ")
