"""The tracker store over a backend that fails: what is stored is known, and what is damaged raises the alarm."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import pytest
import redis
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from skycap.state.backend import MemoryState, Position, StaleWrite, Turn, UnreadableConversation
from skycap.state.redis import RedisState
from skycap.state.tracker_store import WindowTrackerStore
from tests.unit.skycap.state.conftest import REDIS

TALK = "somebody"


class Unsteady(MemoryState):
    """Conversations in memory over a bad line: `before` and `after` say how many commits fail then."""

    def __init__(self, *, before: int = 0, after: int = 0) -> None:
        super().__init__()
        self.before, self.after = before, after
        self.rival: Turn | None = None  # stored by somebody else in the place of the first, which fails
        self.may_commit = asyncio.Event()
        self.may_commit.set()

    async def commit(self, conversation: str, turn: Turn, position: Position) -> None:
        await self.may_commit.wait()
        if self.rival:
            await super().commit(conversation, self.rival, position)
            self.rival, self.before = None, 1
        if self.before:
            self.before -= 1
            raise ConnectionError
        await super().commit(conversation, turn, position)
        if self.after:
            self.after -= 1
            raise ConnectionError


def say(store: WindowTrackerStore, number: int, tracker: DialogueStateTracker | None = None) -> DialogueStateTracker:
    tracker = tracker or store.init_tracker(TALK)
    tracker.update_with_events([UserUttered("hello", message_id=f"m{number}"), BotUttered("Hello!")], store.domain)
    return tracker


@pytest.mark.parametrize("fails", ["before", "after"])
async def test_a_commit_that_fails_once_is_stored_once(fails: str) -> None:
    backend = Unsteady(**{fails: 1})
    store = WindowTrackerStore(Domain.empty(), backend=backend)
    tracker = say(store, 1)
    await store.save(tracker)
    await store.save(say(store, 2, tracker))
    assert len(backend.history(TALK)) == 2
    assert [reply["text"] for reply in await store.replies(TALK, "m1")] == ["Hello!"]


async def test_a_commit_that_keeps_failing_raises_its_error() -> None:
    store = WindowTrackerStore(Domain.empty(), backend=Unsteady(before=2))
    with pytest.raises(ConnectionError):
        await store.save(say(store, 1))
    assert await store.retrieve(TALK) is None


async def test_what_somebody_else_has_stored_is_not_taken_for_ours() -> None:
    backend = Unsteady()
    backend.rival = Turn('{"of": {}, "events": []}', 1.0, "theirs")
    with pytest.raises(StaleWrite):
        store = WindowTrackerStore(Domain.empty(), backend=backend)
        await store.save(say(store, 1))
    assert await backend.answered(TALK, "m1") is None and len(backend.history(TALK)) == 1


async def test_a_turn_given_up_during_its_commit_is_stored_and_says_so() -> None:
    backend = Unsteady()
    backend.may_commit.clear()
    store = WindowTrackerStore(Domain.empty(), backend=backend)
    turn = asyncio.create_task(store.save(say(store, 1)))
    giving_up = asyncio.create_task(asyncio.wait_for(turn, 0.1))
    await asyncio.sleep(0.3)
    backend.may_commit.set()
    await giving_up  # no TimeoutError: the turn is stored, and its replies may leave
    assert len(backend.history(TALK)) == 1


def _damage_in_redis(client: redis.Redis, keys: list[str], what: str) -> None:
    if what == "turn":
        client.hset(keys[1], "1", "{")
    elif what == "bytes":
        client.hset(keys[1], "1", b"\xff\xfe")
    elif what == "missing":
        client.hdel(keys[1], "1")
    else:
        client.hset(keys[0], "version", "one")


@pytest.mark.parametrize("opened", ["redis"], indirect=True)
@pytest.mark.parametrize("what", ["turn", "bytes", "missing", "place"])
async def test_whatever_is_damaged_raises_the_alarm(
    opened: Callable[[], RedisState], what: str, caplog: pytest.LogCaptureFixture
) -> None:
    backend = opened()
    store = WindowTrackerStore(Domain.empty(), backend=backend)
    await store.save(say(store, 1))
    with redis.Redis.from_url(REDIS) as client:
        _damage_in_redis(client, backend._keys(TALK), what)
    with caplog.at_level(logging.CRITICAL), pytest.raises(UnreadableConversation):
        await store.retrieve(TALK)
    assert f"conversation {TALK} cannot be read" in caplog.text
    await store.save(say(store, 1, store.init_tracker("somebody else")))
