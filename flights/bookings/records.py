"""The rows of a booking: itself, the seats it keeps and its audit trail, within the caller's transaction."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, Row

from flights import database
from flights.bookings.states import Booking, UnknownBooking, check
from flights.database import booking_events, booking_seats
from flights.database import bookings as table
from flights.inventory import Cabin

# No 0 O 1 I, which look alike, and no vowel, so that no word can form.
REFERENCE_ALPHABET = "BCDFGHJKLMNPQRSTVWXYZ23456789"


def insert_booking(connection: Connection, values: dict[str, object]) -> str | None:
    """Inserts a booking under a free reference; returns None when its idempotency key is taken."""
    for _ in range(20):
        reference = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(6))
        if database.insert_if_absent(connection, table, {"reference": reference, **values}):
            return reference
        same_key = select(table.c.reference).where(table.c.idempotency_key == values["idempotency_key"])
        if connection.execute(same_key).first():
            return None
    raise RuntimeError("No free booking reference was found in 20 tries. Archive old bookings.")


def free_key(connection: Connection, booking: Booking) -> None:
    """Lets a new booking use the idempotency key of one that came to nothing."""
    old = (table.c.reference == booking.reference, table.c.idempotency_key == booking.idempotency_key)
    spent = f"{booking.idempotency_key[:240]} until {booking.reference}"
    connection.execute(update(table).where(*old).values(idempotency_key=spent, version=table.c.version + 1))


def locked(connection: Connection, reference: str) -> Row:
    """Reads a booking and locks it until the transaction ends (SQLite has locked everything already)."""
    query = select(table).where(table.c.reference == reference.strip().upper()).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        raise UnknownBooking(unknown(reference))
    return row


def unknown(reference: str) -> str:
    return f"No booking has the reference {reference[:12]!r}. Check the six letters and digits."


def step(connection: Connection, row: Row, state: str, now: datetime, **values: object) -> Booking:
    check(row.reference, row.state, state)
    return write_changes(connection, row, state, now, **values)


def write_changes(
    connection: Connection, row: Row, state: str, now: datetime, note: str | None = None, **values: object
) -> Booking:
    unchanged = (table.c.reference == row.reference, table.c.version == row.version)
    changed = update(table).where(*unchanged).values(state=state, version=row.version + 1, **values)
    if connection.execute(changed).rowcount != 1:
        raise RuntimeError(f"Booking {row.reference} was changed by somebody else meanwhile. Try again.")
    log(connection, row.reference, now, row.state, state, note)
    return as_booking(connection.execute(select(table).where(table.c.reference == row.reference)).one())


def log(
    connection: Connection, reference: str, now: datetime, old: str | None, new: str, note: str | None = None
) -> None:
    values = {"reference": reference, "at": now, "from_state": old, "to_state": new, "note": note}
    connection.execute(insert(booking_events).values(values))


def keep_seats(connection: Connection, reference: str, cabins: tuple[Cabin, ...]) -> None:
    rows = [
        {
            "reference": reference,
            "flight_number": cabin.flight_number,
            "flight_date": cabin.day,
            "origin": cabin.origin,
            "destination": cabin.destination,
            "cabin": cabin.cabin,
            "long_haul": cabin.long_haul,
        }
        for cabin in cabins
    ]
    connection.execute(insert(booking_seats), rows)


def kept_seats(connection: Connection, reference: str) -> tuple[Cabin, ...]:
    rows = connection.execute(select(booking_seats).where(booking_seats.c.reference == reference))
    return tuple(
        Cabin(row.flight_number, row.flight_date, row.origin, row.destination, row.cabin, row.long_haul) for row in rows
    )


def as_booking(row: Row) -> Booking:
    """Returns the row as a value that outlives the transaction."""
    return Booking(**row._mapping)
