"""Proof that a booking is the traveller's: reference and last name, and an end to guessing.

Wrong tries are counted for the reference and for the conversation, in the database, so that neither a new conversation
nor another process can go on guessing. A reference that nobody has counts like any other: no answer gives it away.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine

from flights import database
from flights.bookings.desk import find
from flights.bookings.states import Booking
from flights.database import proof_attempts as table

MOST_WRONG_TRIES = 3


class ProofLocked(Exception):
    """Too many wrong tries: the reference or the conversation is locked for a while, even for the right answer."""


def prove(
    engine: Engine, reference: str, last_name: str, *, conversation_id: str, now: datetime, lock_minutes: float
) -> Booking | None:
    """Returns the booking when reference and last name belong together, None when they do not.

    Raises `ProofLocked` when the third wrong try is made, and from then on for `lock_minutes`. Wrong tries older than
    that are forgotten. A right answer clears the count of the reference, not that of the conversation: who owns one
    booking must not guess others in between.
    """
    reference = reference.strip().upper()
    window = timedelta(minutes=lock_minutes)
    forget_old_tries(engine, before=now - window)
    booking = find(engine, reference, last_name)
    of_reference, of_conversation = f"booking {reference}"[:300], _subject(conversation_id)
    with database.write(engine) as connection:
        # Both rows are locked, in one order for everybody, before a try counts: guesses at the same moment queue.
        tries = {subject: _locked(connection, subject, now, window) for subject in (of_reference, of_conversation)}
        if max(tries.values()) >= MOST_WRONG_TRIES:
            raise ProofLocked(f"After {MOST_WRONG_TRIES} wrong tries the booking is locked. Try again later.")
        if booking:
            connection.execute(delete(table).where(table.c.subject == of_reference))
            if not tries[of_conversation]:
                connection.execute(delete(table).where(table.c.subject == of_conversation))
            return booking
        for subject, wrong in tries.items():
            row = update(table).where(table.c.subject == subject)
            connection.execute(row.values(wrong_tries=wrong + 1, last_at=now))
    if max(tries.values()) + 1 >= MOST_WRONG_TRIES:  # raised after the commit, which an exception would undo
        raise ProofLocked(f"After {MOST_WRONG_TRIES} wrong tries the booking is locked. Try again later.")
    return None


def _locked(connection: Connection, subject: str, now: datetime, window: timedelta) -> int:
    """The wrong tries of a subject that still count; its row is locked until the transaction ends."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = dialect.insert(table).values(subject=subject, wrong_tries=0, last_at=now)
    # Writing the key onto itself locks a row that was there before.
    connection.execute(row.on_conflict_do_update(index_elements=["subject"], set_={"subject": row.excluded.subject}))
    known = connection.execute(select(table).where(table.c.subject == subject)).one()
    return known.wrong_tries if now - known.last_at < window else 0


def forget_old_tries(engine: Engine, before: datetime) -> int:
    """Deletes what no longer counts; rows that somebody uses at the moment stay for the next time."""
    old = select(table.c.subject).where(table.c.last_at < before).with_for_update(skip_locked=True)
    with database.write(engine) as connection:
        return connection.execute(delete(table).where(table.c.subject.in_(old))).rowcount


def tries_of(engine: Engine, conversation_id: str) -> list[dict[str, object]]:
    """The wrong tries of a conversation, none or one row."""
    mine = select(table).where(table.c.subject == _subject(conversation_id))
    with database.read(engine) as connection:
        return [dict(row._mapping) for row in connection.execute(mine)]


def forget_tries(engine: Engine, conversation_id: str) -> int:
    """Deletes the wrong tries of a conversation; those of the references it guessed stay locked."""
    with database.write(engine) as connection:
        return connection.execute(delete(table).where(table.c.subject == _subject(conversation_id))).rowcount


def _subject(conversation_id: str) -> str:
    return f"conversation {conversation_id}"[:300]
