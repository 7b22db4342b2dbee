"""Bookings: held, confirmed, ticketed, cancelled, each step at most once and all of it or nothing.

The assistant's actions call these functions; each is one transaction over the booking, its seats and its
audit trail, so a crash at any point leaves either the state before or the state after. A repeated call is
harmless: `hold` by its idempotency key, the others by the state they lead to. Times are aware datetimes
that the caller brings; money is in cents.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.engine import Engine

from flights import database, inventory, schedule
from flights.bookings.records import (
    as_booking,
    free_key,
    insert_booking,
    keep_seats,
    kept_seats,
    locked,
    log,
    step,
    unknown,
    write_changes,
)
from flights.bookings.states import Booking, HoldExpired, IllegalTransition, UnknownBooking, check
from flights.database import booking_seats
from flights.database import bookings as table
from flights.schedule import Offer, UnknownOffer

HOLD_MINUTES = 20
MOST_PASSENGERS = 9


def hold(
    engine: Engine,
    *,
    offer_id: str,
    passengers: int,
    conversation_id: str,
    idempotency_key: str,
    now: datetime,
    hold_minutes: int = HOLD_MINUTES,
) -> Booking:
    """Keeps seats for a while; the same idempotency key returns the booking it made before.

    Only when that one came to nothing (its hold ran out, or was cancelled before anybody confirmed) the seats
    are held anew, under a new reference. Raises `SoldOut`, `UnknownOffer` (also for a flight that has left),
    ValueError for an impossible party.
    """
    known = _by_key(engine, idempotency_key)
    if known and not _came_to_nothing(known, now):
        return known
    if not 1 <= passengers <= MOST_PASSENGERS:
        raise ValueError(f"One booking takes 1 to {MOST_PASSENGERS} passengers, not {passengers}. Split the party.")
    chosen = _bookable(engine, offer_id, now)
    expire_holds(engine, now)
    with database.write(engine) as connection:
        values = {
            "conversation_id": conversation_id,
            "idempotency_key": idempotency_key,
            "state": "held",
            "passengers": passengers,
            "fees_cents": 0,
            "created_at": now,
            "expires_at": now + timedelta(minutes=hold_minutes),
            "version": 1,
            **_trip(chosen, passengers),
        }
        if known:
            free_key(connection, known)
        reference = insert_booking(connection, values)
        if reference is None:
            return as_booking(connection.execute(select(table).where(table.c.idempotency_key == idempotency_key)).one())
        inventory.take(connection, chosen.cabins, passengers)
        keep_seats(connection, reference, chosen.cabins)
        log(connection, reference, now, None, "held")
        return as_booking(locked(connection, reference))


def confirm(
    engine: Engine, reference: str, *, passenger_name: str, contact_email: str, contact_phone: str, now: datetime
) -> Booking:
    """Confirms a held booking; one already confirmed or ticketed is returned as it is.

    Raises `HoldExpired`, `IllegalTransition`, `UnknownBooking`.
    """
    who = {"passenger_name": passenger_name, "contact_email": contact_email, "contact_phone": contact_phone}
    with database.write(engine) as connection:
        row = locked(connection, reference)
        if row.state in ("confirmed", "ticketed"):
            return as_booking(row)
        if row.state == "held" and row.expires_at > now:
            return step(connection, row, "confirmed", now, expires_at=None, **who)
        if row.state not in ("held", "expired"):
            check(row.reference, row.state, "confirmed")
    expire_holds(engine, now)
    raise HoldExpired("The seats were not kept any longer. Search again; the flight may still be free.")


def ticket(engine: Engine, reference: str, now: datetime) -> Booking:
    """Issues the ticket of a confirmed booking; a ticketed one is returned as it is."""
    with database.write(engine) as connection:
        row = locked(connection, reference)
        return as_booking(row) if row.state == "ticketed" else step(connection, row, "ticketed", now)


def cancel(engine: Engine, reference: str, now: datetime) -> Booking:
    """Cancels a booking and gives its seats back; a cancelled one is returned as it is."""
    with database.write(engine) as connection:
        row = locked(connection, reference)
        if row.state == "cancelled":
            return as_booking(row)
        cancelled = step(connection, row, "cancelled", now, expires_at=None)
        inventory.give_back(connection, kept_seats(connection, row.reference), row.passengers)
        return cancelled


def release(engine: Engine, reference: str, now: datetime) -> None:
    """Gives back seats that are only held; whatever is no hold (any more) stays as it is."""
    with database.write(engine) as connection:
        row = connection.execute(select(table).where(table.c.reference == reference).with_for_update()).one_or_none()
        if row is not None and row.state == "held":
            step(connection, row, "cancelled", now, expires_at=None)
            inventory.give_back(connection, kept_seats(connection, row.reference), row.passengers)


def change(engine: Engine, reference: str, new_offer_id: str, now: datetime) -> Booking:
    """Moves a confirmed or ticketed booking to another offer, in one step; the state stays.

    The total becomes the new fare plus the old ticket's change fees. Changing to the offer it already has
    changes nothing. Raises `SoldOut`, `UnknownOffer`, `UnknownBooking`, `IllegalTransition`.
    """
    chosen = _bookable(engine, new_offer_id, now)
    with database.write(engine) as connection:
        row = locked(connection, reference)
        if row.offer_id == chosen.id:
            return as_booking(row)
        if row.state not in ("confirmed", "ticketed"):
            raise IllegalTransition(f"Booking {row.reference} is {row.state}. Only a confirmed one can be changed.")
        fees = row.fees_cents + change_fee_cents(row.offer_id) * row.passengers
        moves = dict.fromkeys(kept_seats(connection, row.reference), -row.passengers)
        for cabin in chosen.cabins:
            moves[cabin] = moves.get(cabin, 0) + row.passengers
        inventory.move(connection, moves)
        connection.execute(delete(booking_seats).where(booking_seats.c.reference == row.reference))
        keep_seats(connection, row.reference, chosen.cabins)
        trip = _trip(chosen, row.passengers)
        trip |= {"fees_cents": fees, "total_cents": trip["total_cents"] + fees}
        return write_changes(connection, row, row.state, now, note=f"changed from {row.offer_id}", **trip)


def change_fee_cents(offer_id: str) -> int:
    """Returns what one passenger pays for changing this ticket; nothing when its flights are no longer sold."""
    try:
        sold = schedule.offer(None, offer_id)
    except UnknownOffer:
        return 0
    return sold.change_fee_cents + (sold.inbound.change_fee_cents if sold.inbound else 0)


def refund_cents(booking: Booking) -> int:
    """Returns what is paid back when this booking is cancelled: the fares of its refundable tickets, never fees."""
    try:
        sold = schedule.offer(None, booking.offer_id)
    except UnknownOffer:
        return 0
    return sum(half.price_cents for half in (sold, sold.inbound) if half and half.refundable) * booking.passengers


def expire_holds(engine: Engine, now: datetime) -> int:
    """Gives back the seats of holds that ran out; returns how many holds that were."""
    due = select(table.c.reference).where(table.c.state == "held", table.c.expires_at <= now)
    with database.read(engine) as connection:
        references = connection.execute(due.order_by(table.c.expires_at)).scalars().all()
    expired = 0
    for reference in references:  # one transaction each, so that none waits for the seats of another
        with database.write(engine) as connection:
            locked = select(table).where(table.c.reference == reference, table.c.state == "held")
            row = connection.execute(locked.with_for_update(skip_locked=True)).one_or_none()
            if row is None:
                continue
            step(connection, row, "expired", now)
            inventory.give_back(connection, kept_seats(connection, reference), row.passengers)
            expired += 1
    return expired


def get(engine: Engine, reference: str) -> Booking:
    """Returns a booking by reference; raises `UnknownBooking`."""
    with database.read(engine) as connection:
        row = connection.execute(select(table).where(table.c.reference == reference.strip().upper())).one_or_none()
    if row is None:
        raise UnknownBooking(unknown(reference))
    return as_booking(row)


def find(engine: Engine, reference: str, last_name: str) -> Booking | None:
    """Returns the booking when a passenger has this last name; case and accents do not matter."""
    try:
        booking = get(engine, reference)
    except UnknownBooking:
        return None
    wanted, names = _fold(last_name), _fold(booking.passenger_name or "")
    people = [person.strip() for person in names.replace(" and ", ",").replace("&", ",").split(",")]
    return booking if wanted and any(f" {person}".endswith(f" {wanted}") for person in people) else None


def last_booking(engine: Engine, conversation_id: str) -> Booking | None:
    """Returns the newest confirmed or ticketed booking of a conversation."""
    query = select(table).where(
        table.c.conversation_id == conversation_id, table.c.state.in_(("confirmed", "ticketed"))
    )
    with database.read(engine) as connection:
        row = connection.execute(query.order_by(table.c.created_at.desc(), table.c.reference).limit(1)).one_or_none()
    return as_booking(row) if row else None


def prove_key(engine: Engine) -> None:
    """Reads one passenger, if there is any: raises what the cipher raises when the key is another one."""
    with database.read(engine) as connection:
        connection.execute(select(table.c.passenger_name).where(table.c.passenger_name.is_not(None)).limit(1)).all()


def _came_to_nothing(booking: Booking, now: datetime) -> bool:
    if booking.state == "held":
        return booking.expires_at <= now
    return booking.state == "expired" or (booking.state == "cancelled" and booking.passenger_name is None)


def _bookable(engine: Engine, offer_id: str, now: datetime) -> Offer:
    chosen = schedule.offer(engine, offer_id)
    if chosen.departs <= now:
        raise UnknownOffer("This flight has already left. Search for a later one.")
    return chosen


def _trip(chosen: Offer, passengers: int) -> dict[str, object]:
    return {
        "offer_id": chosen.id,
        "total_cents": chosen.total_cents * passengers,
        "currency": chosen.currency,
        "origin": chosen.origin,
        "destination": chosen.destination,
        "departure_date": chosen.departure_date,
        "return_date": chosen.return_date,
        "trip_type": chosen.trip_type,
    }


def _by_key(engine: Engine, key: str) -> Booking | None:
    with database.read(engine) as connection:
        row = connection.execute(select(table).where(table.c.idempotency_key == key)).one_or_none()
    return as_booking(row) if row else None


def _fold(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name)
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).casefold().split())
