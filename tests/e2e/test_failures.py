"""What breaks, and what travellers and operators see of it: databases away, processes killed, wrong settings."""

from __future__ import annotations

import json
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from benchmarks.server import ServerFailed, ServerProcess, free_port
from tests.e2e.wire import Wire

FLIGHTS_AWAY = "can't reach our flight data"
TROUBLE = "isn't working"


@contextmanager
def tables_away(database: Path, *tables: str) -> Iterator[None]:
    """While inside, every query of these tables fails."""

    def rename(suffix_before: str, suffix_after: str) -> None:
        with closing(sqlite3.connect(database, timeout=20)) as connection:
            connection.execute("PRAGMA legacy_alter_table = ON")  # leave what refers to them alone
            for table in tables:
                connection.execute(f"ALTER TABLE {table}{suffix_before} RENAME TO {table}{suffix_after}")

    rename("", "_away")
    try:
        yield
    finally:
        rename("_away", "")


def problems(server: ServerProcess) -> tuple[int, set[str]]:
    status, body = server.get("/health/ready")
    return status, set(json.loads(body)["problems"])


def test_flights_database_away_is_said_and_the_booking_goes_on_afterwards(traveller: Any, traveller_of: Any) -> None:
    server = traveller.server
    traveller.come_to_the_last_question()
    with tables_away(server.directory / "flights.db", "bookings", "seats"):
        assert FLIGHTS_AWAY in traveller.say("yes")
        assert problems(server) == (503, {"flights"})
        assert server.get("/health/live")[0] == 200
        assert "Skycap" in traveller_of(server).say("hello")
    assert problems(server) == (200, set())
    assert traveller.bookings() == {"held": 1}
    assert "reference is" in traveller.say("yes")
    assert traveller.bookings() == {"ticketed": 1}


def test_tracker_store_away_is_said_and_nothing_is_forgotten(traveller: Any) -> None:
    server = traveller.server
    traveller.say("I need a flight from Berlin to Rome on March 12")
    with tables_away(server.directory / "conversations.db", "turns"):
        assert TROUBLE in traveller.say("one way")
        assert problems(server) == (503, {"conversations"})
    assert problems(server) == (200, set())
    assert "how many" in traveller.say("one way").lower()


def test_a_killed_server_forgets_nothing_and_books_once(server: ServerProcess, traveller_of: Any) -> None:
    ann, ben = traveller_of(server), traveller_of(server)
    ann.say("I need a flight from Berlin to Rome on March 12")
    ben.come_to_the_last_question()

    def say_yes() -> None:
        with suppress(ServerFailed):
            ben.say("yes")

    yes = threading.Thread(target=say_yes)
    yes.start()
    time.sleep(0.03)  # in the middle of the turn
    server.kill()
    yes.join()

    server.start()
    assert "how many" in ann.say("one way").lower()
    assert ben.say("yes")
    assert ben.bookings() == {"ticketed": 1}
    assert "ticketed" in ben.say("show me my booking")


@pytest.fixture(scope="module")
def wire(postgres_url: str | None) -> Iterator[Wire | None]:
    """The way to PostgreSQL, or None when there is none."""
    if postgres_url is None:
        yield None
        return
    address = make_url(postgres_url)
    wire = Wire(address.host or "127.0.0.1", address.port or 5432)
    wire.mend()
    yield wire
    wire.cut()


@pytest.fixture(scope="module")
def second_server(
    tmp_path_factory: pytest.TempPathFactory, postgres_url: str | None, wire: Wire | None
) -> Iterator[ServerProcess]:
    """A server with Rasa's HTTP API and, where one answers, PostgreSQL."""
    settings = {"today": "2027-03-01", "enable_api": "1", "api_token": "of the tests"}
    if wire:
        address = make_url(postgres_url).set(host="127.0.0.1", port=wire.port)
        settings["database_url"] = address.render_as_string(hide_password=False)
    with ServerProcess(tmp_path_factory.mktemp("second"), **settings) as process:
        yield process


def test_rasas_api_answers_who_has_the_token(second_server: ServerProcess) -> None:
    token = "?token=of%20the%20tests"
    status, parsed = second_server.post(f"/model/parse{token}", b'{"text": "I need a flight to Rome"}')
    assert (status, json.loads(parsed)["intent"]["name"]) == (200, "search_flights")
    status, tracker = second_server.get(f"/conversations/nobody-yet/tracker{token}&include_events=NONE")
    assert status == 200
    assert {"origin", "destination", "requested_slot"} <= set(json.loads(tracker)["slots"])
    assert second_server.post("/model/parse", b'{"text": "hi"}')[0] == 401
    assert second_server.get("/conversations/nobody-yet/tracker?token=wrong")[0] == 401
    assert "<title>Skycap" in second_server.get("/")[1]


def test_postgresql_holds_the_booking_and_may_be_away_for_a_while(
    second_server: ServerProcess, postgres_url: str | None, wire: Wire | None, traveller_of: Any
) -> None:
    if wire is None:
        pytest.skip("No PostgreSQL answers. Start one, or set SKYCAP_TEST_POSTGRES_URL, to run this.")
    assert traveller_of(second_server).book()
    ann = traveller_of(second_server)
    ann.come_to_the_last_question()
    wire.cut()
    assert FLIGHTS_AWAY in ann.say("yes")
    assert problems(second_server) == (503, {"flights"})
    wire.mend()
    assert problems(second_server) == (200, set())
    assert "reference is" in ann.say("yes")
    engine = create_engine(postgres_url, future=True)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT state, count(*) FROM bookings GROUP BY state")).all() == [
            ("ticketed", 2)
        ]
    engine.dispose()


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[int, str]]]:
    """How servers that must not start ended: status and output, by what is wrong with them. All at once, for speed."""
    corrupt = tmp_path_factory.mktemp("models") / "skycap.tar.gz"
    corrupt.write_bytes(b"not an archive")
    endpoints = tmp_path_factory.mktemp("endpoints") / "endpoints.yml"
    endpoints.write_text("tracker_store:\n  type: SQLL\n  db: conversations.db\n")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        servers = {
            "store": {"endpoints": str(endpoints)},
            "port": {"port": str(taken.getsockname()[1])},
            "model": {"model": str(corrupt)},
            "database": {"database_url": f"postgresql://nobody@127.0.0.1:{free_port()}/none"},
            "workers": {"workers": "2", "vault_url": "memory:"},
            "setting": {"turn_timeout_seconds": "soon"},
        }
        started = {
            what: ServerProcess(tmp_path_factory.mktemp(f"refused_{number}"), **settings)
            for number, (what, settings) in enumerate(servers.items())
        }
        processes = {what: server.spawn() for what, server in started.items()}
        ended = {}
        try:
            for what, process in processes.items():
                ended[what] = (process.wait(timeout=120), started[what].log_end(100_000))
        finally:
            for server in started.values():
                server.kill()
    yield ended


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("store", "tracker store of type 'SQLL'"),
        ("port", "is in use. Stop what runs there or set SKYCAP_PORT."),
        ("model", "cannot be loaded"),
        ("database", "The flights database could not be opened"),
        ("workers", "Each process would have its own personal data (SKYCAP_VAULT_URL)"),
        ("setting", "SKYCAP_TURN_TIMEOUT_SECONDS='soon'"),
    ],
)
def test_a_server_that_cannot_serve_ends_with_one_clear_sentence(
    refusals: dict[str, tuple[int, str]], what: str, says: str
) -> None:
    status, output = refusals[what]
    assert status in (1, 2)
    assert says in output
    assert "skycap: " in output.splitlines()[-1]
    assert "Traceback" not in output
