"""What must hold after every turn of any conversation: slots, offers, seats and bookings that agree with each other.

Reads a Dialogue of stage.py and the business database; yields one sentence per fault. The slot table and the random
walks of benchmarks/fuzz.py ask after each message.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from flights import database
from flights.airlines import airline
from flights.airports import UnknownAirport, place, same_city
from flights.describe import say_money, total_cents
from flights.fares import CABINS
from flights.inventory import Cabin, usual_seats
from flights.reading.days import LONGEST_AHEAD
from flights.reading.person import EMAIL, PHONE
from flights.schedule import offer
from flights.times import PARTS
from flights.trip import search_key
from skycap.settings import settings

if TYPE_CHECKING:
    from tests.conversations.stage import Dialogue

CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d(-([01]\d|2[0-3]):[0-5]\d)?")
HOLDING = ("held", "confirmed", "ticketed")
CHECK = "Please check your booking"
ANNOUNCED = ("Booked!", "Gebucht!", "¡Reservado!")


def faults(dialogue: Dialogue) -> Iterator[str]:
    """Everything that does not agree after the last turn."""
    yield from slot_faults(dialogue.slots)
    yield from offer_faults(dialogue)
    yield from booking_faults(dialogue)


def slot_faults(slots: Mapping[str, Any]) -> Iterator[str]:
    """Values that no traveller can mean."""
    for slot, valid in VALID.items():
        value = slots.get(slot)
        if value is not None and not valid(value):
            yield f"slot {slot} holds {value!r}"
    origin, destination = slots.get("origin"), slots.get("destination")
    if origin and destination and _place(origin) and _place(destination) and same_city(origin, destination):
        yield f"the trip goes from {origin} to {destination}, the same city"
    there, back = slots.get("departure_date"), slots.get("return_date")
    if there and back and slots.get("trip_type") != "one_way" and back < there:
        yield f"the return {back} is before the departure {there}"


def _place(value: Any) -> bool:
    try:
        return place(value).code == value
    except (UnknownAirport, AttributeError):
        return False


def _airline(value: Any) -> bool:
    try:
        return value == "any" or bool(airline(value).name)
    except LookupError:
        return False


def _day(value: Any) -> bool:
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    today = settings().today_in()
    return today - timedelta(days=1) <= day <= today + LONGEST_AHEAD + timedelta(days=1)


VALID = {
    "origin": _place,
    "destination": _place,
    "trip_type": lambda value: value in ("one_way", "round_trip"),
    "departure_date": _day,
    "return_date": _day,
    "departure_time": lambda value: value == "any" or value in PARTS or bool(CLOCK.fullmatch(str(value))),
    "passengers": lambda value: type(value) is int and 1 <= value <= 9,
    "cabin": lambda value: value in (*CABINS, "any"),
    "airline": _airline,
    "excluded_airlines": lambda value: isinstance(value, list) and all(map(_airline, value)),
    "nonstop": lambda value: isinstance(value, bool),
    "refundable": lambda value: isinstance(value, bool),
    "passenger_name": lambda value: len(value) <= 70 and len(value.split()) >= 2 and not re.search(r"[\d@<>{}]", value),
    "contact_email": lambda value: bool(re.fullmatch(EMAIL, value)),
    "contact_phone": lambda value: bool(re.fullmatch(PHONE, value)),
    "confirm_booking": lambda value: isinstance(value, bool),
}


def offer_faults(dialogue: Dialogue) -> Iterator[str]:
    """Flights on the screen or chosen that belong to another search, and summaries with another price."""
    slots = dialogue.slots
    if slots.get("offers") and slots.get("offers_for") != search_key(slots):
        yield f"flights of the search {slots.get('offers_for')!r} are kept for {search_key(slots)!r}"
    if not slots.get("selected_flight"):
        return
    chosen = offer(None, slots["selected_flight"])
    ends = (chosen.origin, slots.get("origin")), (chosen.destination, slots.get("destination"))
    for flies, wanted in ends:
        if not wanted or not same_city(flies, wanted):
            yield f"the chosen flight {chosen.id} does not fit {wanted}"
    if chosen.departure_date.isoformat() != slots.get("departure_date"):
        yield f"the chosen flight {chosen.id} does not leave on {slots.get('departure_date')}"
    back = slots.get("return_date") if slots.get("trip_type") != "one_way" else None
    if (chosen.return_date and chosen.return_date.isoformat()) != back:
        yield f"the chosen flight {chosen.id} does not come back on {back}"
    for card in (reply["custom"] for reply in dialogue.replies if reply.get("custom")):
        total = say_money(total_cents(chosen, slots.get("passengers") or 0), chosen.currency)
        if card.get("title") == CHECK and card["price"] != total:
            yield f"the summary says {card['price']}, the flight costs {total}"


def booking_faults(dialogue: Dialogue) -> Iterator[str]:
    """Seats and bookings that differ from what the conversation says of them."""
    slots = dialogue.slots
    rows, seats = _stored(dialogue)
    booked = [row for row in rows if row.state in ("confirmed", "ticketed")]
    replies = [line for line in dialogue.transcript if line.startswith("bot: ")]
    said = sum(each in line for line in replies for each in ANNOUNCED)
    if said != len(booked):
        yield f"{len(booked)} bookings were made and {said} were announced"
    held = [row for row in rows if row.state == "held" and row.expires_at > settings().now()]
    if len(held) > 1:
        yield f"seats are held for {len(held)} bookings at once: {', '.join(row.offer_id for row in held)}"
    for row in held:
        if row.reference != slots.get("hold_reference"):
            yield f"seats of {row.offer_id} stay held although nobody wants them any more"
        elif (row.offer_id, row.passengers) != (slots.get("selected_flight"), slots.get("passengers")):
            yield f"{row.passengers} seats of {row.offer_id} are held, not of the flight chosen"
    for row in booked:
        total = total_cents(offer(None, row.offer_id), row.passengers) + row.fees_cents
        if row.total_cents != total:
            yield f"booking {row.offer_id} cost {row.total_cents}, not {total}"
    yield from seats


def _stored(dialogue: Dialogue) -> tuple[list[Any], list[str]]:
    """The bookings of the conversation, and flights whose seats are not those of the bookings in the database."""
    with database.engine(settings().flights_url).connect() as connection:
        everything = connection.execute(select(database.bookings)).all()
        kept = connection.execute(select(database.booking_seats)).all()
        counted = connection.execute(select(database.seats)).all()
    holding = {row.reference: row.passengers for row in everything if row.state in HOLDING}
    taken: Counter[tuple] = Counter()
    usual = {}
    for row in kept:
        key = (row.flight_number, row.flight_date, row.origin, row.cabin)
        taken[key] += holding.get(row.reference, 0)
        cabin = Cabin(row.flight_number, row.flight_date, row.origin, row.destination, row.cabin, row.long_haul)
        usual[key] = usual_seats(cabin)[1]
    sold = {(row.flight_number, row.flight_date, row.origin, row.cabin): row.seats_sold for row in counted}
    wrong = []
    for key, people in taken.items():
        seats = sold.get(key, usual[key]) - usual[key]
        if seats != people:
            wrong.append(f"{seats} seats of {key[0]} are taken by {people} people")
    return [row for row in everything if row.conversation_id == dialogue.sender], wrong
