"""Flights in words: the lines, cards and summaries that travellers read.

Reads offers and bookings; writes plain text and JSON-able dictionaries. The sentences around them are in domain.yml.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flights.airlines import airline
from flights.airports import airport, place
from flights.dates import say_date
from flights.reading.sentence import Shown
from flights.schedule import FlightStatus, Offer

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
CABINS = {
    "economy": "economy", "premium_economy": "premium economy", "business": "business class", "first": "first class",
}  # fmt: skip


def say_money(cents: int, currency: str = "USD") -> str:
    """ "$1,234" or "$1,234.50"; `cents` in minor units."""
    whole, rest = divmod(cents, 100)
    amount = f"{whole:,}" if not rest else f"{whole:,}.{rest:02d}"
    symbol = SYMBOLS.get(currency)
    return f"{symbol}{amount}" if symbol else f"{amount} {currency}"


def say_duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours and rest else f"{hours} h" if hours else f"{rest} min"


def say_people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def say_stops(offer: Offer) -> str:
    if offer.stops == 0:
        return "nonstop"
    via = ", ".join(leg.destination for leg in offer.legs[:-1])
    return f"{offer.stops} stop{'s' if offer.stops > 1 else ''} ({via})"


def say_place(code: str) -> str:
    """ "Berlin (BER)"."""
    return place(code).label


def say_route(origin: str, destination: str) -> str:
    return f"{say_place(origin)} to {say_place(destination)}"


def clock(moment: Any, days_later: int = 0) -> str:
    return f"{moment:%H:%M}" + (f" (+{days_later})" if days_later else "")


def flight_numbers(offer: Offer) -> str:
    return ", ".join(leg.flight_number for leg in offer.legs)


def total_cents(offer: Offer, passengers: int) -> int:
    """Price for everybody, there and back, in minor units."""
    return (offer.price_cents + (offer.inbound.price_cents if offer.inbound else 0)) * passengers


def _half(offer: Offer) -> str:
    return (
        f"{clock(offer.departs)} {offer.origin} – {clock(offer.arrives, offer.next_day)} {offer.destination}, "
        f"{airline(offer.carrier).name}, {say_stops(offer)}, {say_duration(offer.duration_minutes)}"
    )


def offer_line(offer: Offer, number: int, passengers: int) -> str:
    """One offer as a line of plain text, for channels without cards."""
    back = f"; back {_half(offer.inbound)}" if offer.inbound else ""
    price = say_money(total_cents(offer, 1), offer.currency)
    total = f" each, {say_money(total_cents(offer, passengers), offer.currency)} together" if passengers > 1 else ""
    return f"{number}. {_half(offer)}{back} · {CABINS[offer.cabin]} · {price}{total}"


def _half_card(offer: Offer) -> dict[str, Any]:
    return {
        "carrier": airline(offer.carrier).name,
        "flight_numbers": flight_numbers(offer),
        "origin": offer.origin,
        "destination": offer.destination,
        "departs": offer.departs.strftime("%Y-%m-%dT%H:%M"),
        "arrives": offer.arrives.strftime("%Y-%m-%dT%H:%M"),
        "next_day": offer.next_day,
        "duration": say_duration(offer.duration_minutes),
        "stops": offer.stops,
        "stops_text": say_stops(offer),
        "via": [leg.destination for leg in offer.legs[:-1]],
    }


def offer_card(offer: Offer, number: int, passengers: int) -> dict[str, Any]:
    """One offer as a card of the chat page."""
    return {
        **_half_card(offer),
        "id": offer.id,
        "index": number,
        "payload": f"option {number}",
        "cabin": CABINS[offer.cabin],
        "price": say_money(total_cents(offer, 1), offer.currency),
        "total": say_money(total_cents(offer, passengers), offer.currency),
        "refundable": offer.refundable,
        "inbound": _half_card(offer.inbound) if offer.inbound else None,
    }


def shown(offer: Offer) -> dict[str, Any]:
    """What later sentences may point at ("the 7 am one"); the fields of flights.reading.Shown."""
    return {
        "id": offer.id,
        "carrier": offer.carrier,
        "departs": f"{offer.departs:%H:%M}",
        "arrives": f"{offer.arrives:%H:%M}",
        "price_cents": total_cents(offer, 1),
        "duration_minutes": offer.duration_minutes,
        "stops": offer.stops,
    }


def as_shown(offers: list[dict[str, Any]] | None) -> tuple[Shown, ...]:
    return tuple(Shown(**each) for each in offers or ())


def trip_rows(slots: Mapping[str, Any], today: date) -> list[list[str]]:
    """The trip as label and value, as far as it is known."""
    rows = []
    if slots.get("origin"):
        rows.append(["From", say_place(slots["origin"])])
    if slots.get("destination"):
        rows.append(["To", say_place(slots["destination"])])
    if slots.get("departure_date"):
        rows.append(["Leaving", say_date(date.fromisoformat(slots["departure_date"]), today=today)])
    if slots.get("trip_type") == "one_way":
        rows.append(["Return", "none, one way"])
    elif slots.get("return_date"):
        rows.append(["Coming back", say_date(date.fromisoformat(slots["return_date"]), today=today)])
    if slots.get("passengers"):
        rows.append(["Travellers", say_people(int(slots["passengers"]))])
    return rows


def offer_rows(offer: Offer, today: date) -> list[list[str]]:
    """A chosen offer as label and value."""
    rows = [
        ["Flight", f"{flight_numbers(offer)}, {airline(offer.carrier).name}"],
        [
            "Leaves",
            f"{say_date(offer.departs.date(), today=today)}, {clock(offer.departs)} from {airport(offer.origin).name}",
        ],
        [
            "Arrives",
            f"{clock(offer.arrives, offer.next_day)} at {airport(offer.destination).name}, {say_stops(offer)}",
        ],
    ]
    if offer.inbound:
        back = offer.inbound
        rows += [
            ["Flight back", f"{flight_numbers(back)}, {airline(back.carrier).name}"],
            [
                "Leaves",
                f"{say_date(back.departs.date(), today=today)}, {clock(back.departs)} from {airport(back.origin).name}",
            ],
            [
                "Arrives",
                f"{clock(back.arrives, back.next_day)} at {airport(back.destination).name}, {say_stops(back)}",
            ],
        ]
    rows.append(["Cabin", CABINS[offer.cabin]])
    rows.append(["Ticket", "refundable" if offer.refundable else "not refundable"])
    return rows


def say_status(status: FlightStatus, today: date) -> str:
    """How a flight is doing, in one or two sentences."""
    route = f"from {say_place(status.origin)} to {say_place(status.destination)}"
    name = f"{airline(status.carrier).name} {status.flight_number} {route}"
    day = say_date(status.scheduled.date(), today=today)
    if status.state == "cancelled":
        return f"{name} on {day} has been cancelled. The airline will rebook you or refund the ticket."
    if status.state == "landed":
        return f"{name} landed at {status.estimated_arrival:%H:%M}, local time."
    late = f", {status.delay_minutes} minutes late" if status.delay_minutes else ""
    if status.state == "departed":
        return f"{name} has left and should land at {status.estimated_arrival:%H:%M}, local time{late}."
    doing = {"boarding": "is boarding", "delayed": "is delayed"}.get(status.state, "is on time")
    landing = f"{status.estimated_arrival:%H:%M}"
    leaving = f"{status.estimated:%H:%M}{late}"
    return f"{name} on {day} {doing}: it leaves at {leaving}, gate {status.gate}, and lands at {landing}."
