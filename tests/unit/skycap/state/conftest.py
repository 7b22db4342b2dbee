"""Every backend, empty; a conversation that could have been held, event by event."""

from __future__ import annotations

import os
import random
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
import redis
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from flights import database
from skycap.state.analytics.archive import Archive
from skycap.state.backend import MemoryState, StateBackend
from skycap.state.dynamo import DynamoState
from skycap.state.redis import ArchivedState, RedisState
from skycap.state.sql import SqlState
from tests.unit.skycap.state.moto_server import moto_server

POSTGRES = os.environ.get("SKYCAP_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test")
REDIS = os.environ.get("SKYCAP_TEST_REDIS_URL", "redis://127.0.0.1:6379/0")
DOMAIN = """
intents: [inform, ask, book, stop]
entities: [city]
slots:
  origin: {type: text, mappings: [{type: custom}]}
  passengers: {type: float, min_value: 0, max_value: 9, mappings: [{type: custom}]}
  offers: {type: any, mappings: [{type: custom}]}
  booking_reference: {type: text, influence_conversation: false, mappings: [{type: custom}]}
  requested_slot: {type: text, influence_conversation: false, mappings: [{type: custom}]}
forms:
  booking_form: {required_slots: [origin, passengers]}
responses:
  utter_answer: [{text: "An answer."}]
  utter_stopped: [{text: "Stopped."}]
actions: [action_book]
"""


@pytest.fixture(params=["memory", "sqlite", "postgresql", "redis", "redis with archive", "dynamodb"])
async def opened(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Callable[[], StateBackend]]:
    """Opens the same backend, again and again: as another process would, but for memory."""
    made: list[StateBackend] = []
    with _PLACES[request.param](tmp_path) as make:

        def again() -> StateBackend:
            made.append(make())
            return made[-1]

        yield again
        for each in made:
            await each.close()


@contextmanager
def _memory(_: Path) -> Iterator[Callable[[], StateBackend]]:
    kept = MemoryState()
    yield lambda: kept


@contextmanager
def _redis(folder: Path, *, archived: bool = False) -> Iterator[Callable[[], StateBackend]]:
    client, prefix = redis.Redis.from_url(REDIS), f"test:{uuid.uuid4().hex}:"
    try:
        client.ping()
    except redis.ConnectionError:
        pytest.skip("No Redis answers. Start one to run this.")
    archive = database.engine(f"sqlite:///{folder}/archive.db")

    def make() -> StateBackend:
        live = RedisState(f"{REDIS}?client_name={prefix}", prefix)
        return ArchivedState(live, SqlState(archive)) if archived else live

    yield make
    archive.dispose()
    for key in client.scan_iter(f"{prefix}*"):
        client.delete(key)
    client.close()


@contextmanager
def _sqlite(folder: Path) -> Iterator[Callable[[], StateBackend]]:
    engine = database.engine(f"sqlite:///{folder}/talks.db")
    yield lambda: SqlState(engine)
    engine.dispose()


@contextmanager
def _postgresql(_: Path) -> Iterator[Callable[[], StateBackend]]:
    server = create_engine(POSTGRES, future=True, connect_args={"connect_timeout": 2})
    schema = f"state_{uuid.uuid4().hex[:12]}"
    try:
        with server.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
    except SQLAlchemyError:
        pytest.skip("No PostgreSQL answers. Start one to run this.")
    options = {"options": f"-csearch_path={schema} -capplication_name={schema}"}
    url = make_url(POSTGRES).update_query_dict(options).render_as_string(hide_password=False)
    yield lambda: SqlState(database.engine(url))
    database.engine(url).dispose()
    with server.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    server.dispose()


@contextmanager
def _dynamodb(_: Path) -> Iterator[Callable[[], StateBackend]]:
    address = f"dynamodb://test-{uuid.uuid4().hex[:12]}?region=eu-central-1&endpoint={moto_server().address}"
    yield lambda: DynamoState(address)


_PLACES = {
    "memory": _memory,
    "sqlite": _sqlite,
    "postgresql": _postgresql,
    "redis": _redis,
    "redis with archive": partial(_redis, archived=True),
    "dynamodb": _dynamodb,
}


@pytest.fixture
def backend(opened: Callable[[], StateBackend]) -> StateBackend:
    return opened()


@pytest.fixture(scope="session")
def domain() -> Domain:
    return Domain.from_yaml(DOMAIN)


class Talk:
    """Invents a conversation of any length, with all that Rasa does with forms; drawn from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._messages = 0

    def turn(self, tracker: DialogueStateTracker) -> list[Event]:
        """One more turn: what Rasa would write down for it, put on the tracker."""
        begun = not tracker.events
        new: list[Event] = []

        def put(*events: Event) -> None:
            for event in events:
                tracker.update(event)
                new.append(event)

        if begun:
            put(ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen"))
        if tracker.active_loop_name:
            what = self._random.choices(["inform", "ask", "stop", "revert", "book"], [8, 3, 1, 1, 1])[0]
        else:
            what = self._random.choices(["inform", "ask", "revert"], [2, 3, 1])[0]
        put(self._said(what), DefinePrevUserUtteredFeaturization(False))
        getattr(self, f"_{what}")(tracker, put)
        put(ActionExecuted("action_listen", "RulePolicy", 1.0))
        return new

    def _said(self, what: str) -> UserUttered:
        self._messages += 1
        intent = {"name": "ask" if what == "revert" else what, "confidence": 0.9}
        entities = [{"entity": "city", "value": "Rome"}] if what == "inform" else []
        text = f"{what} {self._messages}"
        parsed = {"intent": intent, "entities": entities, "text": text, "response_selector": {"default": {}}}
        parsed["intent_ranking"] = [intent] * 10
        return UserUttered(text, intent, entities, parsed, message_id=f"m{self._messages}", input_channel="rest")

    def _inform(self, tracker, put) -> None:
        put(SlotSet("passengers", float(self._random.randint(1, 9))), SlotSet("offers", [{"price": self._messages}]))
        if self._random.random() < 0.5:
            put(SlotSet("origin", self._random.choice(["ROM", "BER", None])))
        put(ActionExecuted("booking_form", "RulePolicy", 1.0))
        if not tracker.active_loop_name:
            put(ActiveLoop("booking_form"))
        put(
            SlotSet("requested_slot", self._random.choice(["origin", "passengers"])),
            BotUttered("And?", {"image": None}),
        )

    def _ask(self, tracker, put) -> None:
        if tracker.active_loop_name:
            put(ActionExecutionRejected("booking_form", "RulePolicy", 1.0))
        put(ActionExecuted("utter_answer", "RulePolicy", 1.0), BotUttered("An answer."))
        if tracker.active_loop_name:
            put(ActionExecuted("booking_form", "RulePolicy", 1.0), BotUttered("And?"))

    def _stop(self, tracker, put) -> None:
        put(ActionExecutionRejected("booking_form", "RulePolicy", 1.0), ActionExecuted("utter_stopped"))
        put(ActiveLoop(None), SlotSet("requested_slot", None), BotUttered("Stopped."))

    def _book(self, tracker, put) -> None:
        put(ActionExecuted("booking_form", "RulePolicy", 1.0), ActiveLoop(None), SlotSet("requested_slot", None))
        put(ActionExecuted("action_book"), SlotSet("booking_reference", f"K7QX{self._messages}"), BotUttered("Booked."))
        if self._random.random() < 0.5:
            put(SlotSet("booking_reference", None))

    def _revert(self, tracker, put) -> None:
        put(ActionExecuted("action_default_fallback"), BotUttered("What?"), UserUtteranceReverted())


@pytest.fixture
def talk() -> Callable[[int], Talk]:
    return Talk


@pytest.fixture
def archive(empty_url: str) -> Archive:
    return Archive(database.engine(empty_url))


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[Archive]:
    engine = database.engine(f"sqlite:///{tmp_path}/analytics.db")
    yield Archive(engine)
    engine.dispose()
