"""The database: engines, transactions, migrations on both kinds."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import OperationalError

from flights import database

ROOT = Path(__file__).parents[3]


def test_migrations_make_exactly_the_tables_the_code_declares(empty_url: str) -> None:
    database.migrate(empty_url)
    with database.read(database.engine(empty_url)) as connection:
        assert compare_metadata(MigrationContext.configure(connection), database.metadata) == []
        names = set(inspect(connection).get_table_names())
    assert {"seats", "bookings", "booking_seats", "booking_events"} <= names


def test_two_processes_that_start_at_once_migrate_once(empty_url: str) -> None:
    code = "import sys; from flights import database; database.migrate(sys.argv[1])"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = [subprocess.Popen([sys.executable, "-c", code, empty_url], cwd=ROOT, env=env) for _ in range(2)]
    assert [process.wait(60) for process in started] == [0, 0]
    with database.read(database.engine(empty_url)) as connection:
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1


def test_an_address_has_one_engine(lite) -> None:
    assert database.engine(str(lite.url)) is database.engine(str(lite.url))


def test_a_block_that_raises_leaves_nothing(engine) -> None:
    row = {"flight_number": "LH1", "flight_date": datetime(2026, 1, 1).date(), "origin": "FRA", "cabin": "economy"}
    row |= {"destination": "JFK", "seats_total": 5, "seats_sold": 0}
    with pytest.raises(RuntimeError, match="changed my mind"), database.write(engine) as connection:
        assert database.insert_if_absent(connection, database.seats, row)
        assert not database.insert_if_absent(connection, database.seats, row)
        raise RuntimeError("changed my mind")
    with database.read(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM seats")).scalar() == 0


def test_a_sqlite_file_waits_for_its_writer_and_checks_foreign_keys(lite) -> None:
    with database.read(lite) as connection:
        pragmas = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "foreign_keys")]
        assert pragmas == ["wal", 1]
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == database.BUSY_SECONDS * 1000


def test_who_waits_to_write_to_sqlite_begins_soon_after_the_other_ends(lite) -> None:
    ended: list[float] = []

    def hold() -> None:
        with database.write(lite):
            holds.set()
            time.sleep(0.4)
            ended.append(time.monotonic())

    holds = threading.Event()
    other = threading.Thread(target=hold)
    other.start()
    assert holds.wait(10)
    with database.write(lite) as connection:
        begun = time.monotonic()
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == database.BUSY_SECONDS * 1000
    other.join()
    assert begun - ended[0] < 0.05  # SQLite's own naps are twice as long by then


def test_a_writer_that_never_ends_is_an_error(lite, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.write(lite):
        monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
        with pytest.raises(OperationalError, match="locked"), database.write(lite):
            pass


def test_a_database_in_memory_keeps_its_tables() -> None:
    database.migrate("sqlite://")
    with database.read(database.engine("sqlite://")) as connection:
        assert inspect(connection).has_table("bookings")


def test_postgresql_that_never_answers_is_an_error_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(database.REACHED_WITHIN, "connect_timeout", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections and says nothing
        lost = database.engine(f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/nowhere")
        begin = time.monotonic()
        with pytest.raises(OperationalError, match="timeout"):
            lost.connect()
        assert time.monotonic() - begin < 20
        lost.dispose()


def test_moments_must_be_aware_and_come_back_in_utc() -> None:
    moments = database.UTCDateTime()
    berlin = datetime(2026, 7, 1, 14, tzinfo=timezone(timedelta(hours=2)))
    assert moments.process_bind_param(berlin, None) == datetime(2026, 7, 1, 12, tzinfo=timezone.utc)
    assert moments.process_result_value(datetime(2026, 7, 1, 12), None) == berlin
    with pytest.raises(ValueError, match="time zone"):
        moments.process_bind_param(datetime(2026, 7, 1), None)
