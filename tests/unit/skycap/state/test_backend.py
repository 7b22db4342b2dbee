"""The contract of every backend: memory, SQLite, PostgreSQL, Redis, DynamoDB."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
import redis

from skycap.state.backend import Position, StaleWrite, Standing, StateBackend, Turn, UnreadableConversation

TALK = "somebody:+1 [x]{y}"


async def say(backend: StateBackend, number: int, talk: str = TALK, **place: object) -> None:
    """Commit turn `number`, said at second `number`; every fifth has a snapshot."""
    kept = f'"snapshot {number}"' if number % 5 == 0 else None
    turn = Turn(f'"turn {number} ü"', float(number), f"m{number}", kept)
    await backend.commit(talk, turn, replace(Position(number), **place))


async def test_a_new_conversation_is_none(backend: StateBackend) -> None:
    assert await backend.load(TALK) is None
    assert backend.history(TALK) == [] and backend.conversations() == set() and backend.erase(TALK) == 0


async def test_the_window_holds_the_turns_from_its_first_and_the_snapshot_before(opened: Callable) -> None:
    for number in range(1, 12):
        await say(opened(), number)
    await say(opened(), 12, first=6, on_snapshot=True, fence=3)
    window = await opened().load(TALK)
    assert window.position == Position(12, 6, True, 3)
    assert window.snapshot == '"snapshot 5"' and window.with_snapshot == (10,)
    assert list(window.turns.items()) == [(number, f'"turn {number} ü"') for number in range(6, 13)]
    assert opened().history(TALK) == [f'"turn {number} ü"' for number in range(1, 13)]
    assert opened().conversations() == {TALK}


async def test_a_session_begins_on_no_snapshot(backend: StateBackend) -> None:
    for number in range(1, 6):
        await say(backend, number)
    await say(backend, 6, first=6)
    window = await backend.load(TALK)
    assert window.snapshot is None and list(window.turns) == [6] and window.with_snapshot == ()


async def test_a_stale_write_stores_nothing(backend: StateBackend) -> None:
    for number in (1, 2):
        await say(backend, number, fence=7)
    for late in (1, 2, 4):
        with pytest.raises(StaleWrite):
            await backend.commit(TALK, Turn('"late"', 9.0, "late"), Position(late, fence=7))
    with pytest.raises(StaleWrite):  # whoever held the lock before somebody else
        await backend.commit(TALK, Turn('"late"', 9.0, "late"), Position(3, fence=6))
    assert backend.history(TALK) == ['"turn 1 ü"', '"turn 2 ü"'] and await backend.answered(TALK, "late") is None
    assert (await backend.load(TALK)).position == Position(2, fence=7)


async def test_a_message_is_answered_once(backend: StateBackend) -> None:
    await say(backend, 1)
    assert await backend.answered(TALK, "m1") == '"turn 1 ü"'
    assert await backend.answered(TALK, "m2") is None and await backend.answered("another", "m1") is None
    with pytest.raises(StaleWrite):
        await backend.commit(TALK, Turn('"again"', 2.0, "m1"), Position(2))
    assert (await backend.load(TALK)).position.version == 1
    await say(backend, 1, "another")
    for number in (2, 3):  # turns without a message, such as a person's words
        await backend.commit(TALK, Turn('"no message"', 2.0), Position(number))


async def test_of_many_writers_at_once_one_wins_each_turn(opened: Callable) -> None:
    async def write(writer: int) -> int:
        backend, won = opened(), 0
        for number in range(1, 11):
            try:
                await backend.commit(TALK, Turn(f'"{writer}"', float(number)), Position(number))
                won += 1
            except StaleWrite:
                pass
        return won

    won = await asyncio.gather(*map(write, range(4)))
    assert len(opened().history(TALK)) == sum(won) == (await opened().load(TALK)).position.version


async def test_turns_are_read_on_from_a_number_some_at_a_time(opened: Callable) -> None:
    for number in range(1, 13):
        await say(opened(), number, first=6 if number > 10 else 1, on_snapshot=number > 10)
    said = {number: (f'"turn {number} ü"', float(number)) for number in range(1, 13)}
    read, last = {}, 0
    while some := opened().turns_after(TALK, last, 5):
        assert len(some) <= 5 and list(some) == sorted(some)
        read |= {number: (turn.events, turn.at) for number, turn in some.items()}
        last = max(some)
    assert read == said and opened().turns_after("another", 0, 5) == {}
    opened().expire(3.5)  # takes turns that have left the window
    assert list(opened().turns_after(TALK, 0, 5)) == [4, 5, 6, 7, 8]
    assert list(opened().turns_after(TALK, 9, 5)) == [10, 11, 12]


async def test_where_conversations_stand_is_told_from_a_moment_on(opened: Callable) -> None:
    for number in range(1, 8):
        await say(opened(), number, first=4 if number > 6 else 1, fence=number)
    await say(opened(), 1, "another")
    standing = Standing(Position(7, 4, False, 7), 7.0)
    assert opened().standings(7.0) == opened().standings(1.5) == {TALK: standing}
    assert opened().standings() == {TALK: standing, "another": Standing(Position(1, 1), 1.0)}
    assert opened().standings(7.5) == {}
    opened().erase(TALK)
    assert opened().standings(1.5) == {}


async def test_erasing_leaves_the_others(backend: StateBackend) -> None:
    for number in range(1, 8):
        await say(backend, number)
        await say(backend, number, "another")
    assert backend.erase(TALK) == 7
    assert (
        await backend.load(TALK) is None and backend.history(TALK) == [] and await backend.answered(TALK, "m1") is None
    )
    assert backend.conversations() == {"another"} and len(backend.history("another")) == 7
    await say(backend, 1)


async def test_expiring_spares_what_a_window_needs(backend: StateBackend) -> None:
    for number in range(1, 9):
        await say(backend, number, "ended")
    for number in range(1, 13):
        await say(backend, number, "goes on")
    await say(backend, 13, "goes on", first=6, on_snapshot=True)
    for number in range(1, 10):
        await say(backend, number, "new session")
    await say(backend, 10, "new session", first=10)
    assert backend.expire(9.5) == 8 + 4 + 9
    assert backend.conversations() == {"goes on", "new session"}
    window = await backend.load("goes on")
    assert window.snapshot == '"snapshot 5"' and len(window.turns) == 8 and len(backend.history("goes on")) == 9
    assert backend.history("new session") == ['"turn 10 ü"'] == list((await backend.load("new session")).turns.values())
    assert backend.expire(9.5) == 0


async def test_a_turn_that_is_missing_is_said(opened: Callable, request: pytest.FixtureRequest) -> None:
    backend = opened()
    for number in (1, 2, 3):
        await say(backend, number)
        await say(backend, number, "another")
    backend = getattr(backend, "_live", backend)
    if hasattr(backend, "_engine"):
        with backend._engine.begin() as connection:
            connection.exec_driver_sql(f"DELETE FROM turns WHERE number = 2 AND conversation_id = '{TALK}'")
    elif hasattr(backend, "_redis"):
        backend._redis.hdel(backend._keys(TALK)[1], 2)
    elif hasattr(backend, "_client"):
        backend._delete(TALK, backend._item_ids(TALK, "turn#000000002#"))
    else:
        pytest.skip("memory loses nothing by itself")
    with pytest.raises(UnreadableConversation, match="turn 2 is missing"):
        await opened().load(TALK)
    assert len((await backend.load("another")).turns) == 3


@pytest.mark.parametrize("opened", ["redis with archive"], indirect=True)
async def test_turns_move_to_the_archive_when_they_leave_the_window(
    opened: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = opened()
    for number in range(1, 11):
        await say(backend, number)
    with monkeypatch.context() as patched:
        patched.setattr(backend._archive, "keep", _away)  # later, then
        await say(backend, 11, first=6, on_snapshot=True)
    assert len(backend._live.numbered(TALK)) == 11 and backend._archive.numbered(TALK) == {}
    await say(backend, 12, first=6, on_snapshot=True)
    assert list(backend._archive.numbered(TALK)) == [1, 2, 3, 4]
    assert list(backend._live.numbered(TALK)) == [5, 6, 7, 8, 9, 10, 11, 12]
    with monkeypatch.context() as patched:
        patched.setattr(backend._live, "drop", _away)  # killed between the two
        await say(backend, 13, first=11, on_snapshot=True)
    assert backend.history(TALK) == [f'"turn {number} ü"' for number in range(1, 14)]
    assert await backend.answered(TALK, "m1") == '"turn 1 ü"' and await backend.answered(TALK, "m13") == '"turn 13 ü"'
    with pytest.raises(StaleWrite):
        await backend.commit(TALK, Turn('"again"', 14.0, "m1"), Position(14, 11, True))


@pytest.mark.parametrize("opened", ["redis with archive"], indirect=True)
@pytest.mark.parametrize("read", ["history", "turns_after"])
async def test_a_turn_that_moves_to_the_archive_meanwhile_is_read(
    opened: Callable, read: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend, part = opened(), "numbered" if read == "history" else "turns_after"
    loop, moved = asyncio.get_running_loop(), []
    for number in range(1, 11):
        await say(backend, number)

    def reads_then_moves(store: object) -> Callable:
        original = getattr(store, part)

        def reading(*arguments: object) -> object:
            found = original(*arguments)
            if not moved:  # between the two reads, whichever is first
                moved.append(store)
                asyncio.run_coroutine_threadsafe(say(backend, 11, first=6, on_snapshot=True), loop).result()
            return found

        return reading

    for store in (backend._live, backend._archive):
        monkeypatch.setattr(store, part, reads_then_moves(store))
    reads = (backend.history, TALK) if read == "history" else (backend.turns_after, TALK, 0, 20)
    found = await asyncio.to_thread(*reads)
    assert len(found) >= 10 and len(backend._archive.numbered(TALK)) == 4


def _away(*_: object) -> None:
    raise redis.ConnectionError("away")
