"""Other flights for a booked trip: what was not asked to change stays as it is booked.

Reads a booking and the wishes of its traveller; asks flights/offers.py. "Back on Sunday" keeps the flight out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Engine

from flights import schedule
from flights.bookings import Booking, change_fee_cents
from flights.languages import DEFAULT
from flights.offers import Found, find_offers
from flights.schedule import Offer, UnknownOffer

OF_BOTH_WAYS = {"cabin", "refundable"}  # a wish for one of these is a wish for the whole ticket


def sold_offer(booking: Booking) -> Offer | None:
    """The flights of a booking, None when the timetable no longer has them."""
    try:
        return schedule.offer(None, booking.offer_id)
    except UnknownOffer:
        return None


def has_departed(booking: Booking, now: datetime) -> bool:
    sold = sold_offer(booking)
    return sold.departs <= now if sold else booking.departure_date < now.date()


def trip_of(booking: Booking) -> dict[str, Any]:
    """The booked trip as slots of a search."""
    sold = sold_offer(booking)
    return {
        "origin": booking.origin,
        "destination": booking.destination,
        "departure_date": booking.departure_date.isoformat(),
        "return_date": booking.return_date.isoformat() if booking.return_date else None,
        "trip_type": booking.trip_type,
        "passengers": booking.passengers,
        "cabin": sold.cabin if sold else None,
        "refundable": bool(sold and sold.refundable and sold.cabin != "first"),
    }


def find_other_flights(
    engine: Engine, booking: Booking, wishes: Mapping[str, Any], *, now: datetime, language: str = DEFAULT
) -> Found:
    """Flights that the booking can be changed to, best first, never those it has."""
    trip = {**trip_of(booking), **wishes}
    sold = sold_offer(booking)
    days = {"departure_date", "return_date"} & set(wishes)
    stays_round = trip["trip_type"] == "round_trip" and trip["return_date"]
    if sold and sold.inbound and stays_round and len(days) == 1 and not OF_BOTH_WAYS & set(wishes):
        found = _half_changed(engine, sold, trip, days.pop(), now, language)
        if found.offers:
            return found
    found = find_offers(engine, trip, now=now, language=language)
    return Found([each for each in found.offers if each.id != booking.offer_id], found.without)


def _half_changed(
    engine: Engine, sold: Offer, trip: Mapping[str, Any], day: str, now: datetime, language: str
) -> Found:
    """Round trips of which only the way out, or only the way back, is new."""
    out, _, back = sold.id.partition("+")
    one_way = {**trip, "trip_type": "one_way", "return_date": None}
    if day == "return_date":
        ends = {"origin": trip["destination"], "destination": trip["origin"], "departure_date": trip["return_date"]}
        one_way |= ends
    found = find_offers(engine, one_way, now=now, language=language)
    offers = []
    for each in found.offers:
        whole = f"{out}+{each.id}" if day == "return_date" else f"{each.id}+{back}"
        try:
            offers.append(schedule.offer(engine, whole))
        except UnknownOffer:  # it would leave before the other has landed
            continue
    return Found([each for each in offers if each.id != sold.id], found.without)


def price_of_change(booking: Booking, new: Offer) -> tuple[int, int]:
    """What the change itself costs, and the new total with everything paid for changes so far; in cents."""
    fee = change_fee_cents(booking.offer_id) * booking.passengers
    return fee, new.total_cents * booking.passengers + booking.fees_cents + fee
