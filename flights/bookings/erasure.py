"""Who travelled, taken out of bookings again; the booking itself stays, for the accounts.

Finds bookings of a conversation, with an e-mail address, or of trips long past, and blanks what says who flew: name,
address, phone, notes, and the conversation with its idempotency key (ids of some channels are phone numbers).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select, update
from sqlalchemy.engine import Engine

from flights import database
from flights.bookings.records import as_booking
from flights.bookings.states import Booking
from flights.database import booking_events
from flights.database import bookings as table

PERSON = ("passenger_name", "contact_email", "contact_phone")
MARK = "erased "

_is_blank = and_(
    table.c.conversation_id.startswith(MARK),
    table.c.idempotency_key == table.c.conversation_id,
    *(table.c[name].is_(None) for name in PERSON),
)


@dataclass(frozen=True)
class Blanked:
    """How many bookings no longer say who flew, and how many notes went with that."""

    bookings: int
    notes: int


def of_conversations(engine: Engine, conversation_ids: Iterable[str]) -> list[Booking]:
    """The bookings made in these conversations, in whatever state."""
    found = []
    with database.read(engine) as connection:
        for each in sorted(conversation_ids):
            query = select(table).where(table.c.conversation_id == each, ~_is_blank).order_by(table.c.created_at)
            found += [as_booking(row) for row in connection.execute(query)]
    return found


def with_email(engine: Engine, matches: Callable[[str], bool]) -> list[Booking]:
    """The bookings whose address matches. Addresses are encrypted, so all of them are read."""
    with database.read(engine) as connection:
        rows = connection.execute(select(table).where(table.c.contact_email.is_not(None)))
        return [as_booking(row) for row in rows if matches(row.contact_email)]


def travelled_before(engine: Engine, day: date) -> list[str]:
    """References of bookings whose last flight left before this day and that still say who flew."""
    last = func.coalesce(table.c.return_date, table.c.departure_date)
    with database.read(engine) as connection:
        return list(connection.execute(select(table.c.reference).where(last < day, ~_is_blank)).scalars())


def conversation_ids(engine: Engine) -> set[str]:
    """Every conversation that a booking names."""
    with database.read(engine) as connection:
        return set(connection.execute(select(table.c.conversation_id).where(~_is_blank).distinct()).scalars())


def history(engine: Engine, reference: str) -> list[dict[str, object]]:
    """The audit trail of a booking, oldest first."""
    query = select(booking_events).where(booking_events.c.reference == reference).order_by(booking_events.c.id)
    with database.read(engine) as connection:
        return [dict(row._mapping) for row in connection.execute(query)]


def blank(engine: Engine, references: Collection[str]) -> Blanked:
    """Takes out of these bookings who flew; one transaction each. What is blank already is left alone."""
    blanked = notes = 0
    for reference in references:
        with database.write(engine) as connection:
            query = select(table.c.reference).where(table.c.reference == reference, ~_is_blank).with_for_update()
            if connection.execute(query).one_or_none() is None:
                continue
            # Nobody can guess it: whoever named their conversation so would own the booking without proof.
            nobody = MARK + secrets.token_hex(16)
            values = {"conversation_id": nobody, "idempotency_key": nobody, **dict.fromkeys(PERSON)}
            mine = update(table).where(table.c.reference == reference)
            connection.execute(mine.values(version=table.c.version + 1, **values))
            noted = (booking_events.c.reference == reference, booking_events.c.note.is_not(None))
            notes += connection.execute(update(booking_events).where(*noted).values(note=None)).rowcount
            blanked += 1
    return Blanked(blanked, notes)
