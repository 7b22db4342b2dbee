"""Figures of conversations: taken in once, from every backend, whatever happens in between; views by hand counts."""

from __future__ import annotations

import re
from datetime import date, datetime, timezone

import pytest
from rasa.shared.core.events import SlotSet
from sqlalchemy import select

from flights import database
from skycap.settings import ROOT
from skycap.state.analytics import tables
from skycap.state.analytics.archive import Archive
from skycap.state.analytics.intake import everything
from skycap.state.analytics.reconciling import reconcile
from skycap.state.backend import MemoryState, Turn
from skycap.vault import hashed
from tests.unit.skycap.state.talks import (
    ANN,
    BEN,
    HOUR,
    MARCH_1,
    MARCH_2,
    MODEL,
    NOW,
    SECRET,
    contents,
    keep,
    rows,
    three,
    turn,
)

WHO = {hashed(each): each for each in ("ann", "ben", "cem")}


async def test_the_tables_say_what_was_counted_by_hand(archive: Archive) -> None:
    backend = MemoryState()
    await three(backend)
    assert sum(everything(backend, archive, NOW)) == 5 + 6 + 1
    with database.read(archive.engine) as connection:
        sessions = {(WHO[row.conversation], row.number): row for row in connection.execute(select(tables.sessions))}
        turns = connection.execute(select(tables.turns).order_by(tables.turns.c.number)).all()
        (waited,) = connection.execute(select(tables.handoffs)).all()
    counted = {
        key: (
            row.day.day,
            row.channel,
            row.language,
            row.turns,
            row.messages,
            row.fallbacks,
            row.bookings,
            row.handoffs,
        )
        for key, row in sessions.items()
    }
    assert counted == {
        ("ann", 1): (1, "rest", None, 3, 3, 0, 1, 0),
        ("ann", 2): (2, "rest", None, 2, 2, 0, 1, 0),
        ("ben", 1): (2, "rest", None, 6, 5, 2, 0, 1),
        ("cem", 1): (2, "socketio", "de", 1, 1, 0, 0, 0),
    }
    assert {row.model for row in sessions.values()} == {MODEL["model_id"]}
    first, *_, last = [row for row in turns if WHO[row.conversation] == "ben"]
    assert (first.intent, first.confidence, first.actions) == ("nlu_fallback", 0.9, "action_session_start booking_form")
    assert first.seconds == pytest.approx(0.4) and first.at == datetime.fromtimestamp(MARCH_2 + 0.4, timezone.utc)
    assert last.seconds is None and last.messages == 1  # the assistant did nothing
    assert waited.waited_seconds == 50 and (waited.resumed_at - waited.asked_at).total_seconds() == 70


async def test_the_views_say_what_was_counted_by_hand(archive: Archive) -> None:
    backend = MemoryState()
    await three(backend)
    assert sum(everything(backend, archive, NOW))
    first, second = date(2027, 3, 1), date(2027, 3, 2)
    if archive.engine.dialect.name == "sqlite":
        first, second = first.isoformat(), second.isoformat()
    by = "ORDER BY day, channel, language"
    assert rows(archive, f"SELECT * FROM analytics_containment {by}") == [
        (first, "rest", "none", 1, 0, 1.0), (second, "rest", "none", 2, 1, 0.5), (second, "socketio", "de", 1, 0, 1.0),
    ]  # fmt: skip
    assert [tuple(map(float, row)) for row in rows(
        archive, f"SELECT messages, fallbacks, fallback_rate FROM analytics_fallback_rate {by}"
    )] == [(3, 0, 0), (7, 2, pytest.approx(2 / 7)), (1, 0, 0)]  # fmt: skip
    steps = "SELECT day, step, sessions FROM analytics_form_funnel WHERE channel = 'rest' ORDER BY day, step"
    assert rows(archive, steps) == [
        (first, "(booked)", 1), (first, "departure_date", 1), (first, "passengers", 1),
        (second, "(booked)", 1), (second, "passengers", 1),
    ]  # fmt: skip
    assert rows(archive, f"SELECT day, messages, bookings FROM analytics_turns_to_booking {by}") == [
        (first, 3, 1), (second, 2, 1),
    ]  # fmt: skip
    waits = "SELECT day, language, handoffs, taken, mean_wait_seconds FROM analytics_handoff_waits"
    assert rows(archive, waits) == [(second, "none", 1, 1, 50.0)]
    times = "SELECT milliseconds, SUM(turns) FROM analytics_turn_times GROUP BY milliseconds ORDER BY 1"
    assert [tuple(map(int, row)) for row in rows(archive, times)] == [(200, 6), (400, 3)]


async def test_a_damaged_turn_is_counted_and_stops_nobody(archive: Archive) -> None:
    backend = MemoryState()
    await three(backend)
    for number, broken in (
        (2, '{"of": {}, "events": [{"event": "us'),
        (3, '{"of": {}, "events": [{"event": "user"}]}'),
    ):
        kept = backend._turns["ann"][number]
        backend._turns["ann"][number] = Turn(broken, kept.at)
    assert sum(everything(backend, archive, NOW)) == 12
    assert rows(archive, "SELECT COUNT(*), SUM(messages) FROM analytics_turns WHERE damaged") == [(2, 0)]
    assert rows(archive, "SELECT SUM(turns) FROM analytics_sessions") == [(12,)]
    kept = backend._turns["ben"][1]
    backend._turns["ben"][1] = Turn(kept.events[:-9], kept.at)  # damaged after it was taken in
    found = reconcile(backend, archive)
    assert (
        found.agrees
        and found.damaged == (("ann", 2), ("ann", 3), ("ben", 1))
        and "damaged: turn 1 of ben" in str(found)
    )


async def test_nothing_that_was_said_is_in_it(archive: Archive) -> None:
    backend = MemoryState()
    strange = [
        SlotSet(SECRET, SECRET, MARCH_2),
        SlotSet("requested_slot", SECRET, MARCH_2),
        SlotSet("language", SECRET),
    ]
    await keep(backend, SECRET, [turn(MARCH_2, SECRET, *strange, channel=SECRET), *BEN])
    await keep(backend, "ann", ANN)
    assert sum(everything(backend, archive, NOW)) == 12
    for name, found in contents(archive).items():
        assert found and SECRET not in str(found) and "K7QX2M" not in str(found), name
    assert rows(archive, "SELECT intent, channel FROM analytics_turns WHERE intent = 'other'") == [("other", "other")]


async def test_erasing_expiring_and_forgetting_whose_it_was(archive: Archive) -> None:
    backend = MemoryState()
    await three(backend)
    assert sum(everything(backend, archive, NOW)) == 12
    assert set(archive.everything_of(hashed("cem"))) == {f"analytics_{each}" for each in
                                                        ("conversations", "sessions", "turns", "events")}  # fmt: skip
    assert archive.erase(hashed("ben")) == 6 and archive.erase(hashed("ben")) == 0
    assert archive.everything_of(hashed("ben")) == {}
    assert sum(everything(backend, archive, NOW)) == 6  # what is still stored comes again
    later = datetime.fromtimestamp(NOW, timezone.utc)
    assert (
        archive.unname({"ann", "ben"}, later)
        == 1
        == len(rows(archive, "SELECT 1 FROM analytics_turns WHERE length(conversation) = 32"))
    )
    assert archive.everything_of(hashed("cem")) == {} and archive.unname({"ann", "ben"}, later) == 0
    assert archive.expire(datetime.fromtimestamp(MARCH_1 + HOUR, timezone.utc)) == 3  # Ann's first session
    assert rows(archive, "SELECT COUNT(*) FROM analytics_bookings") == [(1,)]
    assert archive.expire(later) == 9
    assert not any(contents(archive).values())


def test_a_view_that_changed_is_made_anew(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tables.VIEWS, "analytics_containment", f"{tables.VIEWS['analytics_containment']} HAVING 1 = 0")
    Archive(archive.engine)
    assert rows(archive, "SELECT * FROM analytics_containment") == []


QUERIES = re.findall(r"```sql\n(.*?)```", (ROOT / "docs" / "state.md").read_text(encoding="utf-8"), re.DOTALL)


async def test_the_queries_of_the_documents_find_something(archive: Archive) -> None:
    backend = MemoryState()
    await three(backend)
    assert sum(everything(backend, archive, NOW)) == 12
    queries = [each for block in QUERIES for each in block.split(";") if each.strip()]
    assert len(queries) >= 4 and all(rows(archive, each) for each in queries)
