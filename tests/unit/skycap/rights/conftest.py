"""A server's stores with two travellers in them: conversations, vault, bookings, hand-overs, wrong tries."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import insert, select
from sqlalchemy.engine import Engine, make_url

from flights import bookings, database, sealed
from skycap.handoffs import HandoffQueue, Line
from skycap.handoffs.tables import metadata as handoff_metadata
from skycap.rights import Places, open_places
from skycap.settings import Settings
from skycap.state.analytics import tables as analytics
from skycap.state.analytics.archive import open_archive
from skycap.state.analytics.intake import everything
from skycap.state.backend import MemoryState
from skycap.vault import Vault, keys_of, make_vault
from tests.unit.skycap.state.talks import ANN, BEN, keep

os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
NOW = datetime.now(timezone.utc)
TODAY = NOW.date()
ADA = {"passenger_name": "Ada Lovelace", "contact_email": "Ada@Example.com", "contact_phone": "+442071838750"}
BOB = {"passenger_name": "Robert Noyce", "contact_email": "nada@example.com", "contact_phone": "+14155550132"}
ROW = {
    "state": "confirmed", "offer_id": "any", "passengers": 1, "total_cents": 12_300, "currency": "EUR",
    "origin": "BER", "destination": "FCO", "trip_type": "one_way", "created_at": NOW, "version": 1,
}  # fmt: skip


@dataclass
class Server:
    """The stores of one server, and the means to write into them as the server does."""

    settings: Settings
    folder: Path
    engine: Engine
    vault: Vault
    events: Engine

    def talk(self, conversation: str, texts: list[str], *, days_ago: float = 0.0, starts: bool = True) -> None:
        """A session: its start, then what the traveller said; or more of the one before."""
        from rasa.core.tracker_store import SQLTrackerStore

        at = time.time() - days_ago * 86_400
        said = [{"event": "user", "text": text, "parse_data": {}} for text in texts]
        said = [{"event": "session_started"}, *said] if starts else said
        rows = [
            {
                "sender_id": conversation,
                "type_name": each["event"],
                "timestamp": at + number,
                "data": json.dumps({**each, "timestamp": at + number}),
            }
            for number, each in enumerate(said)
        ]
        with self.events.begin() as connection:
            connection.execute(insert(SQLTrackerStore.SQLEvent.__table__), rows)

    def book(self, conversation: str, reference: str, person: dict[str, str], *, in_days: int = 9) -> None:
        with database.write(self.engine) as connection:
            day = NOW.date() + timedelta(days=in_days)
            mine = {"conversation_id": conversation, "idempotency_key": f"{conversation} any 1 0"}
            row = {**ROW, **mine, **person, "reference": reference, "departure_date": day}
            connection.execute(insert(database.bookings).values(**row))
            note = {"reference": reference, "at": NOW, "to_state": "confirmed", "note": f"changed for {reference}"}
            connection.execute(insert(database.booking_events).values(**note))

    def hand_over(
        self,
        conversation: str,
        said: str,
        *,
        who: str = "traveller",
        days_ago: float = 0.0,
        summary: dict | None = None,
    ) -> int:
        at = NOW - timedelta(days=days_ago)
        asked = {"channel": "rest", "reason": "asked", "summary": summary or {"passenger_name": "[NAME:1]"}, "now": at}
        handoff, _ = HandoffQueue(self.engine).ask(conversation, transcript=[Line(at, who, said)], **asked)
        return handoff.id

    def guess(self, conversation: str, reference: str) -> None:
        bookings.prove(self.engine, reference, "Nobody", conversation_id=conversation, now=NOW, lock_minutes=30)

    def count(self, conversation: str) -> None:
        """Take the turns of somebody who was handed over and booked into analytics, as the server does."""
        backend = MemoryState()
        asyncio.run(keep(backend, conversation, [*BEN, *ANN[3:]]))
        assert sum(everything(backend, open_archive(self.settings.figures_url), NOW.timestamp()))

    def rows(self, table: str) -> list[tuple]:
        """The rows of a table, whichever database it is in."""
        kept = (database.metadata, handoff_metadata, analytics.metadata)
        tables = {each.name: each for metadata in kept for each in metadata.sorted_tables}
        if table == "events":
            from rasa.core.tracker_store import SQLTrackerStore

            tables["events"] = SQLTrackerStore.SQLEvent.__table__
        figures = open_archive(self.settings.figures_url).engine
        engine = {"events": self.events}.get(table, figures if table.startswith("analytics") else self.engine)
        with engine.connect() as connection:
            return connection.execute(select(tables[table])).all()


@pytest.fixture
def server(empty_url: str, tmp_path: Path) -> Iterator[Server]:
    """A server's stores, SQLite and PostgreSQL: conversations apart from bookings on the first, beside on the other."""
    from rasa.core.tracker_store import SQLTrackerStore

    url = make_url(empty_url)
    lite = url.get_backend_name() == "sqlite"
    events = make_url(f"sqlite:///{tmp_path}/conversations.db") if lite else url
    store = {"type": "SQL", "dialect": "sqlite", "db": str(tmp_path / "conversations.db")}
    if not lite:
        store = {"type": "SQL", "dialect": "postgresql", "url": url.host, "port": url.port, "db": url.database}
        store |= {"username": url.username, **({"password": url.password} if url.password else {})}
    (tmp_path / "endpoints.yml").write_text(json.dumps({"tracker_store": store}))
    settings = Settings(
        database_url=empty_url, endpoints=str(tmp_path / "endpoints.yml"), vault_key=Fernet.generate_key().decode()
    )
    sealed.use(keys_of(settings))
    database.migrate(empty_url)
    engine = database.engine(empty_url)
    HandoffQueue(engine)
    kept = make_vault(settings)
    kept.prove()
    tracker_store = SQLTrackerStore(dialect="sqlite", db=str(tmp_path / "conversations.db")) if lite else None
    made = tracker_store.engine if tracker_store else engine
    if not lite:
        SQLTrackerStore.SQLEvent.__table__.create(engine)
    assert not lite or str(made.url) == str(events)
    yield Server(settings, tmp_path, engine, kept, made)
    kept.close()
    made.dispose()


@pytest.fixture
def two(server: Server) -> Server:
    """Ada in "ada-talk" and Bob in "bob-talk", each with something in every store."""
    for conversation, reference, person in (("ada-talk", "K7QX2M", ADA), ("bob-talk", "B2B2B2", BOB)):
        tokens = [
            server.vault.put(conversation, kind, value)
            for kind, value in zip(("NAME", "EMAIL", "PHONE"), person.values(), strict=True)
        ]
        server.talk(conversation, [f"I am {tokens[0]}", f"{tokens[1]} or {tokens[2]}", f"quite right {conversation}"])
        server.book(conversation, reference, person)
        server.hand_over(conversation, f"it is {tokens[0]} of {conversation}")
        server.guess(conversation, "ZZZZZZ")
        server.count(conversation)
    return server


@pytest.fixture
def opened(two: Server) -> Iterator[Places]:
    with open_places(two.settings) as places:
        yield places
