"""The two tables of hand-overs: who waits for a person, and who said what.

They are made on first use (`create_all`), not by Alembic: the migrations of this database belong to `flights`, which
knows nothing of conversations, and what stands here is worth keeping for days, not years.
"""

from __future__ import annotations

from datetime import datetime, timezone

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.engine import Engine
from sqlalchemy.types import TypeDecorator

_CREATION_LOCK = 7_318_265  # any number, the same in every process


class Moment(TypeDecorator):
    """A moment: aware datetimes in, aware UTC datetimes out, on databases with and without time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> datetime | None:
        return value.astimezone(timezone.utc) if value else None

    def process_result_value(self, value: datetime | None, dialect: object) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


metadata = MetaData()

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", String(255), nullable=False),
    Column("channel", String(64), nullable=False),
    Column("reason", String(16), nullable=False),
    Column("summary", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("agent", String(64)),
    Column("closed_by", String(16)),
    Column("asked_at", Moment, nullable=False),
    Column("taken_at", Moment),
    Column("closed_at", Moment),
    # What the server has done about it.
    Column("excused_at", Moment),  # the traveller heard that nobody is free yet
    Column("announced_at", Moment),  # the traveller heard who is there
    Column("resumed_at", Moment),  # the assistant goes on
    CheckConstraint("state IN ('waiting', 'taken', 'closed')", name="ck_handoffs_state"),
)
# One open hand-over for each conversation, however many processes try.
Index(
    "uq_handoffs_open",
    handoffs.c.conversation_id,
    unique=True,
    sqlite_where=handoffs.c.state != "closed",
    postgresql_where=handoffs.c.state != "closed",
)
Index("ix_handoffs_unfinished", handoffs.c.resumed_at, handoffs.c.state)

lines = Table(
    "handoff_lines",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("handoff_id", Integer, ForeignKey("handoffs.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("who", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("sent_at", Moment),  # of a person's line: when the traveller got it
    CheckConstraint("who IN ('traveller', 'skycap', 'person')", name="ck_handoff_lines_who"),
)


def create_tables(engine: Engine) -> None:
    """Make the tables unless they are there; safe when several processes do it at once."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CREATION_LOCK})
        metadata.create_all(connection)
