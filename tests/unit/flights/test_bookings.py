"""Bookings: the state machine, its seats, and what survives crowds and crashes."""

from __future__ import annotations

import importlib.util
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select

from flights import bookings, database, inventory, schedule

HERE = Path(__file__).parent
BUYERS = HERE / "buyers.py"
spec = importlib.util.spec_from_file_location("buyers", BUYERS)
buyers = importlib.util.module_from_spec(spec)
spec.loader.exec_module(buyers)

NOW, PERSON = buyers.NOW, buyers.PERSON
DAY, BACK = date(2026, 12, 8), date(2026, 12, 15)
ONE_WAY = schedule.search(None, origin="BER", destination="FCO", departure_date=DAY, nonstop=True)[0]
OTHER = schedule.search(None, origin="BER", destination="FCO", departure_date=DAY)[-1]
ROUND_TRIP = schedule.search(None, origin="JFK", destination="LHR", departure_date=DAY, return_date=BACK)[0]


def hold(engine, offer=ONE_WAY, *, passengers=1, key="key", now=NOW):
    return bookings.hold(
        engine, offer_id=offer.id, passengers=passengers, conversation_id="talk", idempotency_key=key, now=now
    )


def confirm(engine, booking, now=NOW):
    return bookings.confirm(engine, booking.reference, now=now, **PERSON)


def set_seats(engine, offer, seats_total):
    for cabin in offer.cabins:
        inventory.set_seats(engine, cabin, seats_total=seats_total)


def sold(engine, offer) -> list[int]:
    with database.read(engine) as connection:
        stored = inventory.stored(connection, offer.cabins)
    return [stored[cabin][1] for cabin in offer.cabins]


def history(engine, reference) -> list[tuple[str | None, str]]:
    events = database.booking_events
    with database.read(engine) as connection:
        rows = connection.execute(select(events).where(events.c.reference == reference).order_by(events.c.id))
        return [(row.from_state, row.to_state) for row in rows]


def test_a_booking_from_hold_to_ticket(engine) -> None:
    set_seats(engine, ROUND_TRIP, 50)
    held = hold(engine, ROUND_TRIP, passengers=2)
    assert (held.state, held.trip_type, held.departure_date, held.return_date) == ("held", "round_trip", DAY, BACK)
    assert held.total_cents == 2 * (ROUND_TRIP.price_cents + ROUND_TRIP.inbound.price_cents)
    assert held.expires_at == NOW + timedelta(minutes=20)
    assert sold(engine, ROUND_TRIP) == [2] * len(ROUND_TRIP.cabins)
    confirmed = confirm(engine, held)
    assert (confirmed.state, confirmed.passenger_name, confirmed.expires_at) == ("confirmed", "Ada Lovelace", None)
    assert bookings.ticket(engine, held.reference, NOW).state == "ticketed"
    assert history(engine, held.reference) == [(None, "held"), ("held", "confirmed"), ("confirmed", "ticketed")]


def test_a_reference_has_six_clear_characters(lite) -> None:
    references = {hold(lite, key=str(number)).reference for number in range(8)}
    assert len(references) == 8
    assert all(len(reference) == 6 and not set(reference) & set("01AEIOU") for reference in references)


@pytest.mark.parametrize("step", ["hold", "confirm", "ticket", "cancel"])
def test_a_repeated_step_happens_once(engine, step) -> None:
    set_seats(engine, ONE_WAY, 50)
    held = hold(engine)
    steps = {
        "hold": lambda: hold(engine),
        "confirm": lambda: confirm(engine, held),
        "ticket": lambda: bookings.ticket(engine, held.reference, NOW),
        "cancel": lambda: bookings.cancel(engine, held.reference, NOW),
    }
    for name in steps:
        steps[name]()
        if name == step:
            break
    first, length = steps[step](), len(history(engine, held.reference))
    assert steps[step]() == first
    assert len(history(engine, held.reference)) == length
    assert sold(engine, ONE_WAY) == [0 if step == "cancel" else 1]


def test_the_same_confirmation_from_many_threads_books_once(engine) -> None:
    set_seats(engine, ONE_WAY, 50)
    with ThreadPoolExecutor(8) as pool:
        held = list(pool.map(lambda _: hold(engine), range(8)))
        confirmed = list(pool.map(lambda booking: confirm(engine, booking), held))
    assert len({booking.reference for booking in held + confirmed}) == 1
    assert sold(engine, ONE_WAY) == [1]
    assert history(engine, held[0].reference) == [(None, "held"), ("held", "confirmed")]


def _ready(engine, state):
    held = hold(engine)
    if state == "expired":
        bookings.expire_holds(engine, NOW + timedelta(hours=1))
    if state in ("confirmed", "ticketed"):
        confirm(engine, held)
    if state == "ticketed":
        bookings.ticket(engine, held.reference, NOW)
    if state == "cancelled":
        bookings.cancel(engine, held.reference, NOW)
    return held


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("held", "ticket"),
        ("held", "change"),
        ("expired", "ticket"),
        ("expired", "cancel"),
        ("expired", "change"),
        ("cancelled", "confirm"),
        ("cancelled", "ticket"),
        ("cancelled", "change"),
    ],
)
def test_illegal_steps_are_refused(lite, state, step) -> None:
    held = _ready(lite, state)
    steps = {
        "confirm": lambda: confirm(lite, held),
        "ticket": lambda: bookings.ticket(lite, held.reference, NOW),
        "cancel": lambda: bookings.cancel(lite, held.reference, NOW),
        "change": lambda: bookings.change(lite, held.reference, OTHER.id, NOW),
    }
    with pytest.raises(bookings.IllegalTransition, match=f"{held.reference} is {state}"):
        steps[step]()
    assert bookings.get(lite, held.reference).state == state


@pytest.mark.parametrize(
    ("state", "after"),
    [("held", "cancelled"), ("expired", "expired"), ("cancelled", "cancelled"), ("ticketed", "ticketed")],
)
def test_only_what_is_held_is_released(lite, state, after) -> None:
    set_seats(lite, ONE_WAY, 50)
    held = _ready(lite, state)
    bookings.release(lite, held.reference, NOW)
    assert bookings.get(lite, held.reference).state == after
    assert sold(lite, ONE_WAY) == [1 if after == "ticketed" else 0]


def test_the_table_of_transitions_is_closed() -> None:
    targets = set().union(*bookings.TRANSITIONS.values())
    assert targets <= set(bookings.TRANSITIONS)
    assert "held" not in targets


def test_a_hold_that_runs_out_gives_its_seats_back(engine) -> None:
    set_seats(engine, ONE_WAY, 2)
    late = hold(engine, passengers=2)
    assert bookings.expire_holds(engine, NOW + timedelta(minutes=19)) == 0
    later = NOW + timedelta(minutes=20)
    with pytest.raises(bookings.HoldExpired, match="Search again"):
        confirm(engine, late, later)
    assert bookings.get(engine, late.reference).state == "expired"
    assert sold(engine, ONE_WAY) == [0]


def test_the_next_traveller_gets_the_seats_of_an_expired_hold(engine) -> None:
    set_seats(engine, ONE_WAY, 1)
    hold(engine, key="first")
    with pytest.raises(bookings.SoldOut):
        hold(engine, key="second")
    assert hold(engine, key="second", now=NOW + timedelta(minutes=21)).state == "held"
    assert sold(engine, ONE_WAY) == [1]


@pytest.mark.parametrize("end", ["expired", "cancelled"])
def test_a_traveller_who_hesitated_can_choose_the_same_flight_again(engine, end) -> None:
    set_seats(engine, ONE_WAY, 1)
    first, later = hold(engine), NOW
    if end == "expired":
        later = NOW + timedelta(minutes=25)
    else:
        bookings.cancel(engine, first.reference, NOW)
    again = hold(engine, now=later)
    assert (again.state, again.idempotency_key) == ("held", first.idempotency_key)
    assert again.reference != first.reference
    assert bookings.get(engine, first.reference).state == end
    assert hold(engine, now=later) == again
    assert confirm(engine, again, later).state == "confirmed"
    assert sold(engine, ONE_WAY) == [1]


def test_a_repeated_hold_after_a_cancelled_booking_books_nothing(engine) -> None:
    booked = confirm(engine, hold(engine))
    cancelled = bookings.cancel(engine, booked.reference, NOW)
    assert hold(engine) == cancelled


def test_cancelling_gives_seats_back(engine) -> None:
    set_seats(engine, ROUND_TRIP, 5)
    booked = confirm(engine, hold(engine, ROUND_TRIP, passengers=3))
    assert bookings.cancel(engine, booked.reference, NOW).state == "cancelled"
    assert set(sold(engine, ROUND_TRIP)) == {0}


def test_a_change_moves_the_seats_and_charges_the_fee(engine) -> None:
    set_seats(engine, ONE_WAY, 5)
    set_seats(engine, OTHER, 5)
    booked = confirm(engine, hold(engine, passengers=2))
    changed = bookings.change(engine, booked.reference, OTHER.id, NOW)
    assert (changed.state, changed.offer_id) == ("confirmed", OTHER.id)
    assert changed.fees_cents == 2 * ONE_WAY.change_fee_cents > 0
    assert changed.total_cents == 2 * OTHER.total_cents + changed.fees_cents
    assert (set(sold(engine, ONE_WAY)), set(sold(engine, OTHER))) == ({0}, {2})
    assert bookings.change(engine, booked.reference, OTHER.id, NOW) == changed


def test_a_change_to_a_full_flight_leaves_the_booking_as_it_was(engine) -> None:
    set_seats(engine, ONE_WAY, 5)
    set_seats(engine, OTHER, 1)
    booked = confirm(engine, hold(engine, passengers=2))
    with pytest.raises(bookings.SoldOut):
        bookings.change(engine, booked.reference, OTHER.id, NOW)
    assert bookings.get(engine, booked.reference) == booked
    assert (set(sold(engine, ONE_WAY)), set(sold(engine, OTHER))) == ({2}, {0})


@pytest.mark.parametrize(
    ("name", "asked", "found"),
    [
        ("Ada Lovelace", "lovelace", True),
        ("José García Müller", "MULLER", True),
        ("Anna van der Berg", "van der Berg", True),
        ("Ada Lovelace and Charles Babbage", "Lovelace", True),
        ("Ada Lovelace, Charles Babbage", "babbage", True),
        ("Ada Lovelace", "Ada", False),
        ("Ada Lovelace", "lace", False),
        ("Ada Lovelace", " ", False),
    ],
)
def test_finding_a_booking_takes_the_reference_and_the_name(lite, name, asked, found) -> None:
    held = hold(lite)
    person = {**PERSON, "passenger_name": name}
    booked = bookings.confirm(lite, held.reference, now=NOW, **person)
    assert bookings.find(lite, f" {held.reference.lower()} ", asked) == (booked if found else None)
    assert bookings.find(lite, "ZZZZZZ", asked) is None


def test_the_last_booking_is_the_newest_confirmed_one(lite) -> None:
    assert bookings.last_booking(lite, "talk") is None
    first = confirm(lite, hold(lite, key="1"))
    second = confirm(lite, hold(lite, key="2", now=NOW + timedelta(minutes=1)), NOW + timedelta(minutes=1))
    hold(lite, key="3", now=NOW + timedelta(minutes=2))
    assert bookings.last_booking(lite, "talk") == second
    bookings.cancel(lite, second.reference, NOW)
    assert bookings.last_booking(lite, "talk") == first


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda engine: hold(engine, passengers=0), ValueError),
        (lambda engine: hold(engine, passengers=10), ValueError),
        (lambda engine: hold(engine, now=datetime(2027, 1, 1, tzinfo=timezone.utc)), bookings.UnknownOffer),
        (lambda engine: bookings.get(engine, "ZZZZZZ"), bookings.UnknownBooking),
        (lambda engine: bookings.cancel(engine, "ZZZZZZ", NOW), bookings.UnknownBooking),
    ],
)
def test_what_cannot_be_is_refused(lite, call, error) -> None:
    with pytest.raises(error, match=r"\w+ .*\."):
        call(lite)
