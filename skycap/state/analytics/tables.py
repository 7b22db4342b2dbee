"""The analytics tables, the same in SQLite and PostgreSQL, made on first use with the views over them.

A conversation is named by the hash that the vault uses, never by its id: a client of REST may have sent a phone number
as one. No column can hold what was said: names have the shape of names (`facts`), the rest are numbers and moments.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Float, Index, Integer, MetaData, String, Table, text
from sqlalchemy.engine import Connection, Engine

from flights.database import UTCDateTime
from skycap.state.analytics.views import VIEWS

LOCK = 7_318_267  # any number, the same in every process
LONGEST_NAME = 100

metadata = MetaData()

# How far each conversation is taken in, and what its next turn builds on.
conversations = Table(
    "analytics_conversations",
    metadata,
    Column("conversation", String(64), primary_key=True),
    Column("turn", Integer, nullable=False),  # number of the last one taken in
    Column("at", Float(53), nullable=False, index=True),  # of that turn, seconds since 1970
    Column("sessions", Integer, nullable=False),
    Column("language", String(16)),
    Column("since_booking", Integer, nullable=False),  # messages since the session began or the last booking
)

sessions = Table(
    "analytics_sessions",
    metadata,
    Column("conversation", String(64), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("day", Date, nullable=False, index=True),  # on which it began, UTC
    Column("started_at", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime, nullable=False, index=True),  # the last event so far
    Column("channel", String(LONGEST_NAME)),
    Column("language", String(16)),
    Column("model", String(64)),  # id of the model that answered last
    Column("turns", Integer, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("fallbacks", Integer, nullable=False),
    Column("bookings", Integer, nullable=False),
    Column("handoffs", Integer, nullable=False),
)

turns = Table(
    "analytics_turns",
    metadata,
    Column("conversation", String(64), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("session", Integer, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("seconds", Float(53)),  # from the message to the last event
    Column("messages", Integer, nullable=False),  # 0 when a person spoke, or nobody
    Column("intent", String(LONGEST_NAME)),
    Column("confidence", Float(53)),
    Column("fallbacks", Integer, nullable=False),  # messages that were not understood
    Column("actions", String, nullable=False),  # names, separated by spaces
    Column("channel", String(LONGEST_NAME)),
    Column("language", String(16)),
    Column("model", String(64)),
    Column("bookings", Integer, nullable=False),
    Column("handoffs", Integer, nullable=False),
    Column("damaged", Boolean, nullable=False),  # what is stored of it cannot be read
    Index("ix_analytics_turns_session", "conversation", "session"),
)

events = Table(
    "analytics_events",
    metadata,
    Column("conversation", String(64), primary_key=True),
    Column("turn", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("session", Integer, nullable=False),
    Column("type", String(32), nullable=False),  # Rasa's, and "asked"
    Column("name", String(LONGEST_NAME)),  # of the intent, action, reply, slot or form; asked: of the slot asked for
    Index("ix_analytics_events_type", "type", "name"),
)

bookings = Table(
    "analytics_bookings",
    metadata,
    Column("conversation", String(64), primary_key=True),
    Column("turn", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("session", Integer, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("messages", Integer, nullable=False),  # it took, from the session's begin or the booking before
)

handoffs = Table(
    "analytics_handoffs",
    metadata,
    Column("conversation", String(64), primary_key=True),
    Column("turn", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("session", Integer, nullable=False),
    Column("asked_at", UTCDateTime, nullable=False),
    Column("taken_at", UTCDateTime),  # a person was there
    Column("resumed_at", UTCDateTime),  # the assistant went on
    Column("waited_seconds", Float(53)),  # from asked to taken
)

# One row: conversations whose last turn is older than `since` are all taken in; when that was last looked after.
progress = Table(
    "analytics_progress",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("since", Float(53), nullable=False),
    Column("looked_at", UTCDateTime, nullable=False),
)

OF_A_CONVERSATION = (conversations, sessions, turns, events, bookings, handoffs)


def create(engine: Engine) -> None:
    """Make tables and views that are not there; safe when several processes do it at once."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        lock(connection)
        metadata.create_all(connection)
        for name, query in VIEWS.items():
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"CREATE OR REPLACE VIEW {name} AS {query}")
                continue
            statement = f"CREATE VIEW {name} AS {query}"
            kept = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).scalar()
            if kept != statement:
                connection.exec_driver_sql(f"DROP VIEW IF EXISTS {name}")
                connection.exec_driver_sql(statement)


def lock(connection: Connection) -> None:
    """Wait until nobody else writes here; until the end of the transaction. SQLite's has locked from its start."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
