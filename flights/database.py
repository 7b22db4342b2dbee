"""The flights database: one engine for each address, its tables, its migrations.

Bookings and seat counts live here, in SQLite by default and in PostgreSQL by address. Everything that
changes rows goes through `write`, which holds SQLite's write lock from the start (`BEGIN IMMEDIATE`), so a
transaction never fails half way because another process began to write.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import TypeDecorator

from flights.sealed import SealedText

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 30
NAP_SECONDS = 0.002  # between two tries to write to SQLite
PAGES_KIBIBYTES = 512  # that each connection to SQLite keeps; the system keeps the others at hand
# PostgreSQL out of reach is an error after this; without it a call waits for ever, and a thread of the server with it.
REACHED_WITHIN = {"connect_timeout": 5, "tcp_user_timeout": 10_000}  # seconds, milliseconds
_MIGRATION_LOCK = 7_318_264  # any number, the same in every process


class UTCDateTime(TypeDecorator):
    """A moment: aware datetimes in, UTC in the table, aware UTC datetimes out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone. Pass an aware datetime, such as datetime.now(timezone.utc).")
        return value.astimezone(timezone.utc)

    def process_result_value(self, value: datetime | None, dialect: object) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            return value.replace(tzinfo=timezone.utc)
        return value.astimezone(timezone.utc)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# One row for each cabin of a flight on a day, written the first time somebody holds a seat in it. The
# origin is part of the key because a flight number may cover several legs.
seats = Table(
    "seats",
    metadata,
    Column("flight_number", String(8), primary_key=True),
    Column("flight_date", Date, primary_key=True),
    Column("origin", String(3), primary_key=True),
    Column("cabin", String(16), primary_key=True),
    Column("destination", String(3), nullable=False),
    Column("seats_total", Integer, nullable=False),
    Column("seats_sold", Integer, nullable=False),
    CheckConstraint("seats_sold >= 0 AND seats_sold <= seats_total", name="not_oversold"),
)

bookings = Table(
    "bookings",
    metadata,
    Column("reference", String(6), primary_key=True),
    Column("conversation_id", String(255), nullable=False),
    Column("idempotency_key", String(255), nullable=False, unique=True),
    Column("state", String(16), nullable=False),
    Column("offer_id", String(200), nullable=False),
    Column("passengers", Integer, nullable=False),
    Column("total_cents", Integer, nullable=False),
    Column("fees_cents", Integer, nullable=False, server_default="0"),
    Column("currency", String(3), nullable=False),
    Column("origin", String(3), nullable=False),
    Column("destination", String(3), nullable=False),
    Column("departure_date", Date, nullable=False),
    Column("return_date", Date),
    Column("trip_type", String(16), nullable=False),
    Column("passenger_name", SealedText(255)),
    Column("contact_email", SealedText(255)),
    Column("contact_phone", SealedText(64)),
    Column("created_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime),
    Column("version", Integer, nullable=False),
    CheckConstraint("passengers > 0", name="somebody_flies"),
    Index(None, "conversation_id", "created_at"),
    Index(None, "state", "expires_at"),
)

# What a booking holds: kept, so that its seats can be given back even when the timetable has changed.
booking_seats = Table(
    "booking_seats",
    metadata,
    Column("reference", String(6), ForeignKey("bookings.reference"), primary_key=True),
    Column("flight_number", String(8), primary_key=True),
    Column("flight_date", Date, primary_key=True),
    Column("origin", String(3), primary_key=True),
    Column("destination", String(3), nullable=False),
    Column("cabin", String(16), nullable=False),
    Column("long_haul", Boolean, nullable=False),
)

booking_events = Table(
    "booking_events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("reference", String(6), ForeignKey("bookings.reference"), nullable=False, index=True),
    Column("at", UTCDateTime, nullable=False),
    Column("from_state", String(16)),
    Column("to_state", String(16), nullable=False),
    Column("note", String(255)),
)

# Wrong tries at proving a booking, of a reference (`booking K7QX2M`) or a conversation: flights/bookings/proof.py.
proof_attempts = Table(
    "proof_attempts",
    metadata,
    Column("subject", String(300), primary_key=True),
    Column("wrong_tries", Integer, nullable=False),
    Column("last_at", UTCDateTime, nullable=False, index=True),
)


def engine(url: str) -> Engine:
    """Returns the engine of this database address, the same one each time within a process.

    Creates a SQLite file's folder when it is missing. The tables come from `migrate`.
    """
    return _engine(url, os.getpid())


@lru_cache(maxsize=32)
def _engine(url: str, pid: int) -> Engine:  # a forked process must not share its parent's connections
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        sizes = {"pool_size": 10, "max_overflow": 10, "pool_pre_ping": True}
        return create_engine(url, hide_parameters=True, future=True, connect_args=REACHED_WITHIN, **sizes)
    in_memory = address.database in (None, "", ":memory:")
    if not in_memory:
        Path(address.database).expanduser().parent.mkdir(parents=True, exist_ok=True)
    # A database in memory lives in its one connection, so everybody waits for that one.
    limits = {"pool_size": 1, "max_overflow": 0} if in_memory else {"pool_size": 5, "max_overflow": 11}
    made = create_engine(
        url,
        hide_parameters=True,  # an error quotes no values
        future=True,
        poolclass=QueuePool,
        pool_timeout=BUSY_SECONDS,
        pool_use_lifo=True,  # the last one used again: its pages are at hand
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        **limits,
    )
    event.listen(made, "connect", _prepare_sqlite)
    event.listen(made, "begin", _begin_sqlite)
    return made


def _prepare_sqlite(connection, record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves; sqlite3 would say it too late
    connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            break
        except sqlite3.OperationalError:  # two first connections at once: SQLite does not wait here by itself
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
    for pragma in ("synchronous=FULL", "foreign_keys=ON", f"cache_size=-{PAGES_KIBIBYTES}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    if not connection.get_execution_options().get("writes", False):
        connection.exec_driver_sql("BEGIN")
        return
    # SQLite waits for another writer by itself, in naps of up to 100 ms; a write takes a few milliseconds.
    lite, deadline = connection.connection.dbapi_connection, time.monotonic() + BUSY_SECONDS
    lite.execute("PRAGMA busy_timeout=0")
    try:
        while time.monotonic() < deadline:
            try:
                lite.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if "database is locked" not in str(error):  # Python 3.10 does not tell the number
                    break
                time.sleep(NAP_SECONDS)
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # raises what SQLAlchemy makes of it
    finally:
        lite.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


@contextmanager
def read(engine: Engine) -> Iterator[Connection]:
    """Opens a transaction that only reads."""
    with engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def write(engine: Engine) -> Iterator[Connection]:
    """Opens a transaction that writes: all of it is kept, or none when the block raises."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


def insert_if_absent(connection: Connection, table: Table, values: dict[str, object]) -> bool:
    """Inserts a row unless a key of it is taken; returns whether it was inserted."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return connection.execute(dialect.insert(table).values(values).on_conflict_do_nothing()).rowcount == 1


def migrate(url: str) -> None:
    """Brings the tables to the newest version; safe when several processes start at once."""
    from alembic import command  # a running worker never needs it again
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with write(engine(url)) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
