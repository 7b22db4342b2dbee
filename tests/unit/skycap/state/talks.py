"""Conversations counted by hand, stored as the server stores them: turn by turn, through the tracker store."""

from __future__ import annotations

from collections.abc import Iterable

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from sqlalchemy import select, text

from flights import database
from skycap.state.analytics import tables
from skycap.state.analytics.archive import Archive
from skycap.state.backend import StateBackend
from skycap.state.tracker_store import WindowTrackerStore

DOMAIN = Domain.from_yaml(
    "slots: {" + ", ".join(f"{slot}: {{type: any, mappings: [{{type: custom}}]}}" for slot in (
        "requested_slot", "booking_reference", "language")) + "}"
)  # fmt: skip
MARCH_1, MARCH_2 = 1_803_895_200.0, 1_803_981_600.0  # 2027, at 10:00 UTC
HOUR = 3_600.0
NOW = MARCH_2 + 10 * HOUR
MODEL = {"model_id": "c95561fbfa4146af9f04b622658ce8ec", "assistant_id": "skycap"}
SECRET = "alice@example.com"  # said in every turn, and in names that are none


def turn(
    at: float,
    intent: str = "inform",
    *events: Event,
    channel: str = "rest",
    asks: str | None = None,
    seconds: float = 0.2,
    starts: bool = False,
) -> list[Event]:
    """A message at this moment and its answer: what happens, the slot asked for next, how long it takes."""
    begun = [ActionExecuted("action_session_start", timestamp=at), SessionStarted(at)] if starts else []
    said = UserUttered(f"{intent} {SECRET}", {"name": intent, "confidence": 0.9}, timestamp=at, input_channel=channel)
    done: list[Event] = [said, ActionExecuted("booking_form", "RulePolicy", timestamp=at), *events]
    if asks:
        done += [SlotSet("requested_slot", "next_question", at), SlotSet("requested_slot", asks, at)]
    answer = BotUttered(f"An answer with {SECRET}", {}, {"utter_action": "utter_answer"}, at)
    return _of_model([*begun, *done, answer, ActionExecuted("action_listen", timestamp=at + seconds)])


def books(at: float, reference: str) -> list[Event]:
    """What happens when a flight is booked."""
    return [ActionExecuted("action_book_flight", timestamp=at), SlotSet("booking_reference", reference, at)]


def to_a_person(at: float, *events: Event) -> list[Event]:
    """What is said to a person, or by one, or the end of it: no action of the assistant."""
    said = UserUttered(SECRET, {"name": "handoff", "confidence": 1.0}, timestamp=at, input_channel="rest")
    return _of_model([said, *events])


def person(at: float) -> BotUttered:
    """A person says that they are there."""
    return BotUttered(f"Here I am {SECRET}", {}, {"with_person": "Kim"}, at)


def _of_model(events: Iterable[Event]) -> list[Event]:
    found = list(events)
    for event in found:
        event.metadata = {**event.metadata, **MODEL}
    return found


ANN = [  # books with her third message; comes back on the next day and books again with her second
    turn(MARCH_1, "search_flights", starts=True, asks="departure_date"),
    turn(MARCH_1 + 10, asks="passengers"),
    turn(MARCH_1 + 20, "affirm", *books(MARCH_1 + 20, "K7QX2M")),
    turn(MARCH_2, "search_flights", starts=True, asks="passengers"),
    turn(MARCH_2 + 10, "affirm", *books(MARCH_2 + 10, "B2B2B2")),
]
BEN = [  # is not understood twice and asks for a person, who comes after 50 s and goes again
    turn(MARCH_2, "nlu_fallback", starts=True, seconds=0.4),
    turn(MARCH_2 + 5, "nlu_fallback", seconds=0.4),
    turn(MARCH_2 + 10, "handoff", ConversationPaused(MARCH_2 + 10), seconds=0.4),
    [*_of_model([person(MARCH_2 + 60)])],
    to_a_person(MARCH_2 + 70),
    to_a_person(MARCH_2 + 80, ConversationResumed(MARCH_2 + 80)),
]
CEM = [  # in German, on the chat page; is asked and goes away
    turn(
        MARCH_2,
        "search_flights",
        SlotSet("language", "de", MARCH_2),
        channel="socketio",
        starts=True,
        asks="passengers",
    ),
]


async def keep(backend: StateBackend, conversation: str, turns: Iterable[list[Event]], window_turns: int = 20) -> None:
    """Store more turns of a conversation."""
    store = WindowTrackerStore(DOMAIN, backend=backend, window_turns=window_turns)
    for each in turns:
        tracker = await store.get_or_create_tracker(conversation, append_action_listen=False)
        for event in each:
            tracker.update(event)
        await store.save(tracker)


async def three(backend: StateBackend) -> None:
    """Ann, Ben and Cem."""
    for conversation, turns in (("ann", ANN), ("ben", BEN), ("cem", CEM)):
        await keep(backend, conversation, turns)


def rows(archive: Archive, query: str) -> list[tuple]:
    with database.read(archive.engine) as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def contents(archive: Archive) -> dict[str, list[tuple]]:
    """Every row of every table."""
    with database.read(archive.engine) as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=str)
            for table in tables.OF_A_CONVERSATION
        }
