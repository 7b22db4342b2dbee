"""Conversations of our own store: erased, exported and expired, in SQLite, PostgreSQL, Redis and DynamoDB."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import redis
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered

from skycap.rights import erase, expire, export, open_places
from skycap.settings import Settings
from skycap.state.opening import open_state
from skycap.state.tracker_store import WindowTrackerStore
from tests.unit.skycap.rights.conftest import NOW, TODAY, Server
from tests.unit.skycap.state.conftest import REDIS
from tests.unit.skycap.state.moto_server import moto_server

DAY = 86_400


@pytest.fixture(params=["beside bookings", "redis", "redis with archive", "dynamodb"])
def kept(server: Server, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The settings of a server whose endpoints file names our store; its database, or Redis."""
    url, archive = server.settings.database_url, None
    if request.param.startswith("redis"):
        archive = url if request.param != "redis" else None
        url, prefix, client = REDIS, f"test:{uuid.uuid4().hex}:", redis.Redis.from_url(REDIS)
        try:
            client.ping()
        except redis.ConnectionError:
            pytest.skip("No Redis answers. Start one to run this.")
        monkeypatch.setattr("skycap.state.redis.RedisState.__init__.__defaults__", (prefix,))
    elif request.param == "dynamodb":
        url = f"dynamodb://test-{uuid.uuid4().hex[:12]}?region=eu-central-1&endpoint={moto_server().address}"
    endpoints = server.folder / "ours.yml"
    named = {"type": f"{WindowTrackerStore.__module__}.{WindowTrackerStore.__qualname__}", "url": url}
    named |= {"archive": archive} if archive else {}
    endpoints.write_text(json.dumps({"tracker_store": named}))
    yield replace(server.settings, endpoints=str(endpoints))
    if url == REDIS:
        for key in client.scan_iter(f"{prefix}*"):
            client.delete(key)


async def talk(settings: Settings, conversation: str, *texts: str, days_ago: float = 0.0) -> None:
    endpoint = json.loads(Path(settings.endpoints).read_text())["tracker_store"]
    store = WindowTrackerStore(Domain.empty(), backend=open_state(endpoint["url"], endpoint.get("archive")))
    for text in texts:
        tracker = await store.get_or_create_tracker(conversation)
        tracker.update(UserUttered(text, {"name": "inform"}, timestamp=time.time() - days_ago * DAY))
        await store.save(tracker)
    await store.backend.close()


def test_erasing_takes_all_turns_of_one_conversation(kept: Settings) -> None:
    asyncio.run(talk(kept, "ada-talk", "I am Ada", "a line", "another"))
    asyncio.run(talk(kept, "bob-talk", "I am Bob"))
    with open_places(kept) as places:
        document = json.loads(export(places, "ada-talk", NOW))
        said = [event.get("text") for event in document["conversations"][0]["events"] if event["event"] == "user"]
        assert said == ["I am Ada", "a line", "another"]
        rows = [row for row in erase(places, "ada-talk", TODAY) if row.store == "conversations"]
        assert [(row.did, row.what) for row in rows] == [("removed", "turns")] and rows[0].count >= 3
        assert places.conversations.ids() == {"bob-talk"} and places.conversations.events("ada-talk") == []


def test_an_address_somebody_wrote_is_found_in_turns(kept: Settings) -> None:
    asyncio.run(talk(kept, "ada-talk", 'my "address"\nada@example.com'))
    asyncio.run(talk(kept, "bob-talk", "nada@example.com"))
    with open_places(kept) as places:
        erase(places, "Ada@example.com", TODAY)
        assert places.conversations.ids() == {"bob-talk"}


def test_expiring_takes_what_ended(kept: Settings) -> None:
    asyncio.run(talk(kept, "old", "one", "two", days_ago=31))
    asyncio.run(talk(kept, "new", "one", "two", days_ago=29))
    with open_places(kept) as places:
        rows = [row for row in expire(places, NOW) if row.store == "conversations"]
        assert rows[0].count >= 2 and places.conversations.ids() == {"new"}
