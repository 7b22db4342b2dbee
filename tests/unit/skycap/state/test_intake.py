"""What is new flows into analytics: once, from every backend, whatever happens in between."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import event, text

from flights import database
from skycap.settings import ROOT
from skycap.state.analytics.archive import Archive
from skycap.state.analytics.intake import ended, everything
from skycap.state.analytics.reconciling import Counts, reconcile
from skycap.state.backend import MemoryState, Turn
from skycap.state.opening import open_state
from skycap.state.tracker_store import WindowTrackerStore
from skycap.vault import hashed
from tests.unit.skycap.state.talks import (
    ANN,
    BEN,
    CEM,
    DOMAIN,
    HOUR,
    MARCH_1,
    MARCH_2,
    NOW,
    contents,
    keep,
    rows,
    three,
    turn,
)

WHO = {hashed(each): each for each in ("ann", "ben", "cem")}


async def test_taken_in_twice_changes_nothing(archive: Archive) -> None:
    backend = MemoryState()
    await three(backend)
    assert list(everything(backend, archive, NOW, 5)) == [5, 5, 2]
    before = contents(archive)
    assert list(everything(backend, archive, NOW)) == list(ended(backend, archive, NOW, HOUR)) == []
    assert contents(archive) == before
    assert list(everything(backend, Archive(archive.engine), NOW)) == [] and contents(archive) == before


async def test_some_at_a_time_is_the_same_as_all_at_once(archive: Archive, lite: Archive) -> None:
    backend = MemoryState()
    await three(backend)
    assert list(everything(backend, lite, NOW)) == [12]
    assert list(everything(backend, archive, NOW, 1)) == [1] * 12
    assert contents(archive) == contents(lite)


async def test_a_crash_at_any_statement_loses_nothing_and_doubles_nothing(archive: Archive, lite: Archive) -> None:
    backend, left, crashes = MemoryState(), [0], 0
    await three(backend)
    assert list(everything(backend, lite, NOW)) == [12]

    def crash(*_: object) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt

    event.listen(archive.engine, "before_cursor_execute", crash)
    for statements in range(200):  # one more each time
        left[0] = statements
        try:
            list(everything(backend, archive, NOW))
            break
        except KeyboardInterrupt:
            crashes += 1
        left[0] = 10**6
        found = reconcile(backend, archive)
        assert not found.other and found.archived.turns + len(found.missing) == 12
        assert found.archived.turns in (0, 12)  # all of a step, or nothing
    event.remove(archive.engine, "before_cursor_execute", crash)
    assert crashes > 20 and reconcile(backend, archive).agrees and contents(archive) == contents(lite)


KILLED = """
import sys, time
from flights import database
from skycap.state.analytics.archive import Archive
from skycap.state.analytics.intake import everything
from skycap.state.opening import open_state
backend, archive = open_state(sys.argv[1]), Archive(database.engine(sys.argv[2]))
for taken in everything(backend, archive, float(sys.argv[3]), 1):
    print(taken, flush=True)
"""


async def test_a_process_that_is_killed_is_gone_on_from(archive: Archive, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/conversations.db"
    backend = open_state(address)
    await keep(backend, "ann", [turn(MARCH_1 + number, starts=number == 0) for number in range(60)])
    where = [address, archive.engine.url.render_as_string(hide_password=False), str(NOW)]
    process = subprocess.Popen([sys.executable, "-c", KILLED, *where], stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    for _ in range(10):
        process.stdout.readline()
    process.kill()
    process.wait()
    process.stdout.close()
    found = reconcile(backend, archive)
    assert 10 <= found.archived.turns < 60 and not found.other
    assert sum(everything(backend, archive, NOW)) == 60 - found.archived.turns and reconcile(backend, archive).agrees
    assert rows(archive, "SELECT turns, messages FROM analytics_sessions") == [(60, 60)]
    database.engine(address).dispose()


async def test_what_left_the_window_flows_and_the_rest_when_the_session_is_over(
    opened: Callable, lite: Archive
) -> None:
    backend = opened()
    talk = [turn(MARCH_2 + number, starts=number == 0) for number in range(12)]
    await keep(backend, "ann", talk, window_turns=4)
    await keep(backend, "cem", CEM)
    assert sum(ended(backend, lite, MARCH_2 + 60, HOUR)) == 8  # four are live
    assert sum(ended(backend, lite, MARCH_2 + 61, HOUR)) == 0
    assert sum(ended(backend, lite, MARCH_2 + HOUR + 5, HOUR)) == 1  # Cem's
    await keep(backend, "ann", [turn(MARCH_2 + HOUR + 9)], window_turns=4)
    assert sum(ended(backend, lite, MARCH_2 + HOUR + 20, HOUR)) == 1
    await keep(backend, "ann", [turn(MARCH_2 + 3 * HOUR, starts=True)], window_turns=4)
    assert sum(ended(backend, lite, MARCH_2 + 3 * HOUR + 1, HOUR)) == 4  # the session before is over
    assert reconcile(backend, lite).missing == (("ann", 14),)
    assert sum(everything(backend, lite, MARCH_2 + 3 * HOUR + 1)) == 1
    found = reconcile(backend, lite)
    assert found.agrees and found.stored == Counts(2, 15, 15, 0, 0)
    assert sorted(rows(lite, "SELECT turns FROM analytics_sessions")) == [(1,), (1,), (13,)]


async def test_only_what_is_new_is_read(lite: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    backend, read = MemoryState(), []
    await three(backend)
    assert sum(ended(backend, lite, NOW, HOUR)) == 12
    original = MemoryState.turns_after

    def counted(self: MemoryState, conversation: str, number: int, most: int) -> dict[int, Turn]:
        found = original(self, conversation, number, most)
        read.extend((conversation, each) for each in found)
        return found

    monkeypatch.setattr(MemoryState, "turns_after", counted)
    assert sum(ended(backend, lite, NOW + 60, HOUR)) == 0 and read == []
    await keep(backend, "ann", [turn(NOW + 61)])
    assert sum(ended(backend, lite, NOW + 2 * HOUR, HOUR)) == 1
    assert set(read) == {("ann", 5), ("ann", 6)}  # the last one that is in shows that it is the same conversation
    assert backend.standings(lite.since) == {}  # what is all in is not even asked about


async def test_a_conversation_deleted_and_begun_anew_is_another(archive: Archive) -> None:
    backend = MemoryState()
    for again, talk in enumerate((BEN, CEM, BEN)):  # with fewer turns than before, and with more
        moved = [[type(event)._from_parameters({**event.as_dict(), "timestamp": event.timestamp + again * 2 * HOUR})
                  for event in each] for each in talk]  # fmt: skip
        await keep(backend, "ben", moved)
        assert sum(everything(backend, archive, NOW)) == len(talk)
        assert reconcile(backend, archive).agrees
        backend.erase("ben")
    assert rows(archive, "SELECT COUNT(*), SUM(turns), SUM(handoffs) FROM analytics_sessions") == [(3, 13, 2)]
    assert rows(archive, f"SELECT COUNT(*) FROM analytics_turns WHERE conversation = '{hashed('ben')}'") == [(6,)]


async def test_events_of_a_tracker_made_anew_are_not_counted_again(archive: Archive) -> None:
    backend = MemoryState()
    await keep(backend, "ann", ANN[:3])
    again = [event for each in ANN[:3] for event in each] + turn(MARCH_1 + 30, "thank")
    store = WindowTrackerStore(DOMAIN, backend=backend)
    await store.save(DialogueStateTracker.from_events("ann", again))
    assert sum(everything(backend, archive, NOW)) == 4 and reconcile(backend, archive).agrees
    assert rows(archive, "SELECT turns, messages, bookings FROM analytics_sessions") == [(4, 4, 1)]


async def test_reconciling_tells_what_differs(archive: Archive) -> None:
    backend = MemoryState()
    await three(backend)
    assert sum(everything(backend, archive, NOW)) == 12
    assert reconcile(backend, archive).archived == Counts(3, 12, 11, 2, 1)
    with database.write(archive.engine) as connection:
        for statement in (
            "DELETE FROM analytics_turns WHERE number = 5",
            "DELETE FROM analytics_bookings WHERE turn = 3",
            "UPDATE analytics_turns SET intent = 'deny' WHERE number = 1 AND channel = 'socketio'",
        ):
            connection.execute(text(statement))
    backend.expire(MARCH_1 + 1)  # no longer stored: no difference
    found = reconcile(backend, archive)
    assert not found.agrees and found.missing == (("ann", 5), ("ben", 5)) and found.other == (("ann", 3), ("cem", 1))
    assert (
        found.stored.turns == found.archived.turns + 2 and "They differ" in str(found) and "turn 5 of ben" in str(found)
    )
