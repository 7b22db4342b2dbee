"""The queue of conversations that wait for a person: waiting → taken → closed.

Every function is one transaction, so a crash leaves the state before or the state after. A call repeated is harmless:
a conversation waits once, one person takes it, closing twice is closing once. What a person says lies here until the
server has given it to the traveller (an outbox).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timezone
from functools import lru_cache
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine, Row

from skycap.handoffs.tables import create_tables
from skycap.handoffs.tables import handoffs as table
from skycap.handoffs.tables import lines as line_table
from skycap.privacy import mask

REASONS = ("asked", "failed", "trouble")


class UnknownHandoff(LookupError):
    """There is no hand-over with this number."""


class NotPossible(ValueError):
    """The hand-over is not in a state for this; the message says which and what to do."""


@dataclass(frozen=True)
class Line:
    """One thing said: by the traveller, by Skycap, or by the person."""

    at: datetime
    who: str
    text: str
    id: int | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True)
class Handoff:
    """One hand-over as the table has it. `summary` holds the slots that were filled."""

    id: int
    conversation_id: str
    channel: str
    reason: str
    state: str
    summary: Mapping[str, Any]
    asked_at: datetime
    agent: str | None = None
    taken_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    excused_at: datetime | None = None
    announced_at: datetime | None = None
    resumed_at: datetime | None = None


def within_hours(hours: str, now: datetime) -> bool:
    """Whether people answer now. `hours` is like "08:00-20:00" in UTC, over midnight too; empty means always."""
    if not hours:
        return True
    begin, end = (time.fromisoformat(each.strip()) for each in hours.split("-"))
    moment = now.astimezone(timezone.utc).time()
    return begin <= moment < end if begin <= end else moment >= begin or moment < end


@lru_cache(maxsize=32)
def _prepare(engine: Engine) -> None:
    create_tables(engine)


class HandoffQueue:
    """The queue in the database of `engine`. Making one creates the tables where they are missing."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        _prepare(engine)

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        # The engines of flights/database.py take SQLite's write lock at the start when told so; others ignore it.
        with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection

    # --- the conversation's side

    def ask(
        self,
        conversation_id: str,
        *,
        channel: str,
        reason: str,
        summary: Mapping[str, Any],
        transcript: Iterable[Line],
        now: datetime,
    ) -> tuple[Handoff, bool]:
        """Queue a conversation; returns its open hand-over and whether it is new. Asking twice queues once."""
        if reason not in REASONS:
            raise ValueError(f"{reason!r} is no reason. Give one of {', '.join(REASONS)}.")
        values = {
            "conversation_id": conversation_id,
            "channel": channel,
            "reason": reason,
            "state": "waiting",
            "summary": json.dumps(dict(summary), ensure_ascii=False, default=str),
            "asked_at": now,
        }
        with self._write() as connection:
            dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
            is_new = connection.execute(dialect.insert(table).values(values).on_conflict_do_nothing()).rowcount == 1
            handoff = _open_of(connection, conversation_id)
            assert handoff is not None  # inserted, or the one that was in the way
            if is_new:
                for line in transcript:
                    _add(connection, handoff.id, line)
            return handoff, is_new

    def open_of(self, conversation_id: str) -> Handoff | None:
        """The hand-over of a conversation that waits or is taken."""
        with self._read() as connection:
            return _open_of(connection, conversation_id)

    def latest_of(self, conversation_id: str) -> Handoff | None:
        """The newest hand-over of a conversation, closed ones too."""
        query = select(table).where(table.c.conversation_id == conversation_id).order_by(table.c.id.desc()).limit(1)
        with self._read() as connection:
            row = connection.execute(query).one_or_none()
        return _as_handoff(row) if row else None

    def place(self, handoff: Handoff) -> int:
        """The place in the queue, the next one being 1."""
        query = select(func.count()).where(table.c.state == "waiting", table.c.id < handoff.id)
        with self._read() as connection:
            return connection.execute(query).scalar_one() + 1

    def hear(self, handoff_id: int, text: str, now: datetime, *, who: str = "traveller") -> None:
        """Keep what was said to the person (by the traveller) or around them (by Skycap)."""
        with self._write() as connection:
            _add(connection, handoff_id, Line(now, who, text))

    # --- the person's side

    def get(self, handoff_id: int) -> Handoff:
        """One hand-over. Raises UnknownHandoff."""
        with self._read() as connection:
            return _get(connection, handoff_id)

    def all_open(self) -> list[Handoff]:
        """Those that wait or are taken, the oldest first."""
        query = select(table).where(table.c.state != "closed").order_by(table.c.id)
        with self._read() as connection:
            return [_as_handoff(row) for row in connection.execute(query)]

    def lines(self, handoff_id: int) -> list[Line]:
        """Everything said, in its order."""
        query = select(line_table).where(line_table.c.handoff_id == handoff_id).order_by(line_table.c.id)
        with self._read() as connection:
            return [_as_line(row) for row in connection.execute(query)]

    def take(self, handoff_id: int, agent: str, now: datetime) -> Handoff:
        """Give a waiting conversation to one person; the same person may repeat it. Raises NotPossible."""
        agent = agent.strip()
        if not 1 <= len(agent) <= 64:
            raise NotPossible("Give the name that the traveller reads, 1 to 64 characters.")
        with self._write() as connection:
            waiting = (table.c.id == handoff_id) & (table.c.state == "waiting")
            taken = connection.execute(
                update(table).where(waiting).values(state="taken", agent=agent, taken_at=now)
            ).rowcount
            handoff = _get(connection, handoff_id)
        if not taken and (handoff.state, handoff.agent) != ("taken", agent):
            whose = f"taken by {handoff.agent}" if handoff.state == "taken" else "closed"
            raise NotPossible(f"Hand-over {handoff_id} is {whose}. Take another one.")
        return handoff

    def say(self, handoff_id: int, text: str, now: datetime) -> None:
        """Put a sentence of the person into the outbox. Raises NotPossible unless the conversation is taken."""
        if not text.strip():
            raise NotPossible("There is nothing to say: the text is empty.")
        with self._write() as connection:
            taken = (table.c.id == handoff_id) & (table.c.state == "taken")
            # An update that changes nothing locks the row, so that nobody closes it meanwhile.
            if not connection.execute(update(table).where(taken).values(state="taken")).rowcount:
                state = _get(connection, handoff_id).state
                advice = "Take it first." if state == "waiting" else "The traveller is with the assistant again."
                raise NotPossible(f"Hand-over {handoff_id} is {state}. {advice}")
            _add(connection, handoff_id, Line(now, "person", text.strip()))

    def close(self, handoff_id: int, now: datetime, *, by: str = "agent") -> bool:
        """End it; returns whether it was open until now. Raises UnknownHandoff."""
        with self._write() as connection:
            still_open = (table.c.id == handoff_id) & (table.c.state != "closed")
            values = {"state": "closed", "closed_at": now, "closed_by": by}
            closed = connection.execute(update(table).where(still_open).values(**values)).rowcount == 1
            _get(connection, handoff_id)
            return closed

    # --- the server's side

    def unfinished(self) -> list[Handoff]:
        """Those the server may still have to do something about, the oldest first."""
        query = select(table).where(table.c.resumed_at.is_(None)).order_by(table.c.id)
        with self._read() as connection:
            return [_as_handoff(row) for row in connection.execute(query)]

    def unsent(self, handoff_id: int) -> list[Line]:
        """What the person said and the traveller has not got yet."""
        return [line for line in self.lines(handoff_id) if line.who == "person" and line.sent_at is None]

    def waiting_to_be_sent(self) -> set[int]:
        """The hand-overs with something in the outbox."""
        query = select(line_table.c.handoff_id).where(line_table.c.who == "person", line_table.c.sent_at.is_(None))
        with self._read() as connection:
            return set(connection.execute(query.distinct()).scalars())

    def mark_sent(self, line: Line, now: datetime) -> None:
        """The traveller has got this line."""
        with self._write() as connection:
            connection.execute(update(line_table).where(line_table.c.id == line.id).values(sent_at=now))

    def mark(self, handoff_id: int, what: str, now: datetime) -> None:
        """Write down the moment of `excused_at`, `announced_at` or `resumed_at`; the first one stays."""
        column = table.c[what]
        with self._write() as connection:
            connection.execute(update(table).where(table.c.id == handoff_id, column.is_(None)).values({what: now}))


def _open_of(connection: Connection, conversation_id: str) -> Handoff | None:
    mine = (table.c.conversation_id == conversation_id) & (table.c.state != "closed")
    row = connection.execute(select(table).where(mine)).one_or_none()
    return _as_handoff(row) if row else None


def _get(connection: Connection, handoff_id: int) -> Handoff:
    row = connection.execute(select(table).where(table.c.id == handoff_id)).one_or_none()
    if row is None:
        raise UnknownHandoff(f"There is no hand-over {handoff_id}. `skycap handoffs list` shows those that are open.")
    return _as_handoff(row)


def _add(connection: Connection, handoff_id: int, line: Line) -> None:
    # Masked once more, as in the tracker store. What a person says reaches the traveller as it is.
    text = line.text if line.who == "person" else mask(line.text)
    connection.execute(insert(line_table).values(handoff_id=handoff_id, at=line.at, who=line.who, text=text))


def _as_handoff(row: Row) -> Handoff:
    return Handoff(**{**row._mapping, "summary": json.loads(row.summary)})


def _as_line(row: Row) -> Line:
    return Line(row.at, row.who, row.text, row.id, row.sent_at)
