"""Conversations held with the assistant, and what analytics says of them: against what was said and what was booked."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from sqlalchemy import text

from flights import database
from skycap.handoffs import HandoffQueue, desk
from skycap.settings import settings
from skycap.state.analytics.archive import Archive
from skycap.state.analytics.intake import ended, everything
from skycap.state.analytics.reconciling import reconcile
from skycap.vault import hashed

BOOKING = (
    "I need a flight from Berlin to Rome on March 12", "one way", "two people", "what about baggage?", "the first one",
    "Jordan Smith", "jordan.smith@example.com", "+1 202 555 0143", "yes", "thanks",
)  # fmt: skip
HANDOFF = ("hello", "a person please", "I would like to pay by cheque")
HOUR = 3_600


def figures(archive: Archive, query: str, conversation: str) -> list[tuple]:
    with database.read(archive.engine) as connection:
        rows = connection.execute(text(query), {"name": hashed(conversation)})
        return [tuple(row) for row in rows]


def test_what_was_said_and_booked_is_what_is_counted(stage: Any, tmp_path: Path) -> None:
    backend, archive = stage.agent.tracker_store.backend, Archive(database.engine(f"sqlite:///{tmp_path}/figures.db"))
    with stage.dialogue() as booking:
        for words in BOOKING:
            booking.say(words)
        assert booking.bookings() == 1
    with stage.dialogue() as handed:
        for words in HANDOFF:
            handed.say(words)
        queue = HandoffQueue(database.engine(settings().flights_url))
        waiting, now = queue.open_of(handed.sender), datetime.now(timezone.utc)
        desk.take(queue, waiting.id, "Kim", now)
        handed.say("are you there?")
        desk.close(queue, waiting.id, datetime.now(timezone.utc))
        handed.say("thank you")
    assert sum(ended(backend, archive, time.time() + 2 * HOUR, HOUR)) >= len(BOOKING) + len(HANDOFF) + 2
    found = reconcile(backend, archive)
    assert found.agrees and sum(everything(backend, archive, time.time())) == 0

    of_session = "SELECT messages, bookings, handoffs FROM analytics_sessions WHERE conversation = :name"
    assert figures(archive, of_session, booking.sender) == [(len(BOOKING), 1, 0)]
    assert figures(archive, of_session, handed.sender) == [(len(HANDOFF) + 2, 0, 1)]
    took = "SELECT messages FROM analytics_bookings WHERE conversation = :name"
    assert figures(archive, took, booking.sender) == [(BOOKING.index("yes") + 1,)]
    asked = "SELECT name FROM analytics_events WHERE type = 'asked' AND conversation = :name ORDER BY turn"
    questions = [name for (name,) in figures(archive, asked, booking.sender)]
    assert list(dict.fromkeys(questions)) == [
        "return_date", "passengers", "selected_flight", "passenger_name", "contact_email", "contact_phone",
        "confirm_booking",
    ]  # fmt: skip
    times = "SELECT seconds > 0, model IS NOT NULL FROM analytics_turns WHERE conversation = :name"
    assert set(figures(archive, times, booking.sender)) == {(1, 1)}
    waits = "SELECT taken_at >= asked_at, resumed_at >= taken_at, waited_seconds >= 0 FROM analytics_handoffs"
    assert figures(archive, f"{waits} WHERE conversation = :name", handed.sender) == [(1, 1, 1)]
    everything_there = "\n".join(str(archive.everything_of(hashed(each.sender))) for each in (booking, handed))
    for words in (*BOOKING[:-1], *HANDOFF[1:], "Smith", "202 555", "Kim", booking.sender):
        assert words not in everything_there
