"""A server as in production, travellers who talk to it, and a PostgreSQL database for those who want one."""

from __future__ import annotations

import os
import re
import sqlite3
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from benchmarks.server import ServerProcess
from skycap.settings import ROOT

TODAY = "2027-03-01"
POSTGRES = os.environ.get("SKYCAP_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test")
TRIP = ("I need a flight from Berlin to Rome on March 12", "one way", "two people", "the first one")
PERSON = ("Jordan Smith", "jordan.smith@example.com", "+1 202 555 0143")
REFERENCE = re.compile(r"reference is ([A-Z0-9]{6})")


class Traveller:
    """Somebody who talks to a server over REST, in a conversation of their own."""

    def __init__(self, server: ServerProcess) -> None:
        self.server = server
        self.sender = f"e2e-{uuid.uuid4().hex[:12]}"

    def say(self, text: str) -> str:
        """Say it; returns the replies, one a paragraph."""
        return "\n".join(each["text"] for each in self.server.say(self.sender, text) if each.get("text"))

    def come_to_the_last_question(self) -> str:
        """Search, choose and give the details; returns the question whether to book."""
        for answer in (*TRIP, *PERSON):
            reply = self.say(answer)
        assert "Shall I book it?" in reply
        return reply

    def book(self) -> str:
        """Make a whole booking; returns its reference."""
        self.come_to_the_last_question()
        reply = self.say("yes")
        found = REFERENCE.search(reply)
        assert found, reply
        return found.group(1)

    def bookings(self) -> Counter[str]:
        """How many bookings this conversation has, by state. Of a server with a SQLite database."""
        with closing(sqlite3.connect(self.server.directory / "flights.db")) as connection:
            rows = connection.execute("SELECT state FROM bookings WHERE conversation_id = ?", (self.sender,))
            return Counter(state for (state,) in rows)


@pytest.fixture(scope="session", autouse=True)
def _model() -> None:
    if not list((ROOT / "models").glob("*.tar.gz")):
        pytest.skip("There is no model. Run `make train` to run the end-to-end tests.")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A running server, shared by all tests: leave it as you found it."""
    with ServerProcess(tmp_path_factory.mktemp("server"), today=TODAY) as process:
        yield process


@pytest.fixture
def traveller(server: ServerProcess) -> Traveller:
    """Somebody new."""
    return Traveller(server)


@pytest.fixture(scope="session")
def traveller_of() -> type[Traveller]:
    """For travellers of another server: `traveller_of(server)`."""
    return Traveller


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[str | None]:
    """The address of a new PostgreSQL database, or None when no server answers."""
    name = f"skycap_e2e_{uuid.uuid4().hex[:12]}"
    admin = create_engine(POSTGRES, future=True, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 2})
    try:
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    except SQLAlchemyError:
        yield None
        return
    yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()
