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
from flights.languages import DEFAULT
from flights.phrases import phrase, spoken_money
from flights.places.names import airport_name, place_label
from flights.reading.sentence import Shown
from flights.schedule import FlightStatus, Offer


def say_money(cents: int, currency: str = "USD", *, language: str = DEFAULT) -> str:
    """ "$1,234" or "$1,234.50"; `cents` in minor units."""
    return spoken_money(cents, currency, language)


def say_cabin(cabin: str, *, language: str = DEFAULT) -> str:
    return phrase(f"cabins.{cabin}", language)


def say_duration(minutes: int, *, language: str = DEFAULT) -> str:
    hours, rest = divmod(minutes, 60)
    kind = "hours_and_minutes" if hours and rest else "hours" if hours else "minutes"
    return phrase(f"duration.{kind}", language, hours=hours, minutes=rest)


def say_people(count: int, *, language: str = DEFAULT) -> str:
    return phrase("people", language, count=count)


def say_stops(offer: Offer, *, language: str = DEFAULT) -> str:
    if offer.stops == 0:
        return phrase("stops.none", language)
    via = ", ".join(leg.destination for leg in offer.legs[:-1])
    return phrase("stops.some", language, count=offer.stops, airports=via)


def say_place(code: str, *, language: str = DEFAULT) -> str:
    """ "Berlin (BER)"."""
    return place_label(place(code).code, language)


def say_airport(code: str, *, language: str = DEFAULT) -> str:
    """ "Berlin Brandenburg Airport"."""
    return airport_name(airport(code), language)


def say_route(origin: str, destination: str, *, language: str = DEFAULT) -> str:
    ends = {"origin": say_place(origin, language=language), "destination": say_place(destination, language=language)}
    return phrase("route", language, **ends)


def clock(moment: Any, days_later: int = 0) -> str:
    return f"{moment:%H:%M}" + (f" (+{days_later})" if days_later else "")


def flight_numbers(offer: Offer) -> str:
    return ", ".join(leg.flight_number for leg in offer.legs)


def total_cents(offer: Offer, passengers: int) -> int:
    """Price for everybody, there and back, in minor units."""
    return (offer.price_cents + (offer.inbound.price_cents if offer.inbound else 0)) * passengers


def _half(offer: Offer, language: str) -> str:
    return phrase(
        "offers.flight",
        language,
        departs=clock(offer.departs),
        origin=offer.origin,
        arrives=clock(offer.arrives, offer.next_day),
        destination=offer.destination,
        airline=airline(offer.carrier).name,
        stops=say_stops(offer, language=language),
        duration=say_duration(offer.duration_minutes, language=language),
    )


def offer_words(offer: Offer, passengers: int, *, language: str = DEFAULT) -> str:
    """One offer as plain text."""
    back = phrase("offers.back", language, flight=_half(offer.inbound, language)) if offer.inbound else ""
    price = say_money(total_cents(offer, 1), offer.currency, language=language)
    if passengers > 1:
        total = say_money(total_cents(offer, passengers), offer.currency, language=language)
        price += phrase("offers.together", language, total=total)
    return f"{_half(offer, language)}{back} · {say_cabin(offer.cabin, language=language)} · {price}"


def offer_line(offer: Offer, number: int, passengers: int, *, language: str = DEFAULT) -> str:
    """One offer as a numbered line, for channels without cards."""
    return f"{number}. {offer_words(offer, passengers, language=language)}"


def _half_card(offer: Offer, language: str) -> dict[str, Any]:
    return {
        "carrier": airline(offer.carrier).name,
        "flight_numbers": flight_numbers(offer),
        "origin": offer.origin,
        "destination": offer.destination,
        "departs": offer.departs.strftime("%Y-%m-%dT%H:%M"),
        "arrives": offer.arrives.strftime("%Y-%m-%dT%H:%M"),
        "next_day": offer.next_day,
        "duration": say_duration(offer.duration_minutes, language=language),
        "stops": offer.stops,
        "stops_text": say_stops(offer, language=language),
        "via": [leg.destination for leg in offer.legs[:-1]],
    }


def offer_card(offer: Offer, number: int, passengers: int, *, language: str = DEFAULT) -> dict[str, Any]:
    """One offer as a card of the chat page."""
    return {
        **_half_card(offer, language),
        "id": offer.id,
        "index": number,
        "payload": phrase("offers.option", language, number=number),
        "cabin": say_cabin(offer.cabin, language=language),
        "price": say_money(total_cents(offer, 1), offer.currency, language=language),
        "total": say_money(total_cents(offer, passengers), offer.currency, language=language),
        "refundable": offer.refundable,
        "inbound": _half_card(offer.inbound, language) if offer.inbound else None,
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


def _trip(slots: Mapping[str, Any], today: date, language: str) -> list[tuple[str, dict[str, str]]]:
    """What is known of a trip: the kind of each detail, and its words."""

    def day(slot: str) -> str:
        return say_date(date.fromisoformat(slots[slot]), today=today, locale=language)

    details: list[tuple[str, dict[str, str]]] = []
    if slots.get("origin"):
        details.append(("from", {"place": say_place(slots["origin"], language=language)}))
    if slots.get("destination"):
        details.append(("to", {"place": say_place(slots["destination"], language=language)}))
    if slots.get("departure_date"):
        details.append(("leaving", {"date": day("departure_date")}))
    if slots.get("trip_type") == "one_way":
        details.append(("one_way", {}))
    elif slots.get("return_date"):
        details.append(("coming_back", {"date": day("return_date")}))
    if slots.get("passengers"):
        details.append(("travellers", {"people": say_people(int(slots["passengers"]), language=language)}))
    return details


def trip_rows(slots: Mapping[str, Any], today: date, *, language: str = DEFAULT) -> list[list[str]]:
    """The trip as label and value, as far as it is known."""
    rows = []
    for kind, words in _trip(slots, today, language):
        label = "return" if kind == "one_way" else kind
        value = next(iter(words.values()), None) or phrase("rows.no_return", language)
        rows.append([phrase(f"rows.{label}", language), value])
    return rows


def trip_words(slots: Mapping[str, Any], today: date, *, language: str = DEFAULT) -> str:
    """The trip inside a sentence: "from Berlin (BER), to Lisbon (LIS), leaving Friday, March 8"."""
    return ", ".join(phrase(f"trip.{kind}", language, **words) for kind, words in _trip(slots, today, language))


def offer_rows(offer: Offer, today: date, *, language: str = DEFAULT) -> list[list[str]]:
    """A chosen offer as label and value."""
    rows = _half_rows(offer, "flight", today, language)
    if offer.inbound:
        rows += _half_rows(offer.inbound, "flight_back", today, language)
    refundable = "refundable" if offer.refundable else "not_refundable"
    rows.append([phrase("rows.cabin", language), say_cabin(offer.cabin, language=language)])
    rows.append([phrase("rows.ticket", language), phrase(f"rows.{refundable}", language)])
    return rows


def _half_rows(half: Offer, label: str, today: date, language: str) -> list[list[str]]:
    def say(key: str, **words: str) -> str:
        return phrase(f"rows.{key}", language, **words)

    return [
        [say(label), say("flight_with", flights=flight_numbers(half), airline=airline(half.carrier).name)],
        [
            say("leaves"),
            say(
                "leaves_at",
                date=say_date(half.departs.date(), today=today, locale=language),
                time=clock(half.departs),
                airport=say_airport(half.origin, language=language),
            ),
        ],
        [
            say("arrives"),
            say(
                "arrives_at",
                time=clock(half.arrives, half.next_day),
                airport=say_airport(half.destination, language=language),
                stops=say_stops(half, language=language),
            ),
        ],
    ]


def say_status(status: FlightStatus, today: date, *, language: str = DEFAULT) -> str:
    """How a flight is doing, in one or two sentences."""
    late = status.delay_minutes
    words = {
        "name": phrase(
            "status.name",
            language,
            airline=airline(status.carrier).name,
            number=status.flight_number,
            origin=say_place(status.origin, language=language),
            destination=say_place(status.destination, language=language),
        ),
        "date": say_date(status.scheduled.date(), today=today, locale=language),
    }
    if status.state != "cancelled":
        words |= {"landing": clock(status.estimated_arrival)}
    if status.state in ("cancelled", "landed"):
        return phrase(f"status.{status.state}", language, **words)
    if status.state == "departed":
        return phrase("status.departed_late" if late else "status.departed", language, count=late, **words)
    doing = status.state if status.state in ("boarding", "delayed") else "on_time"
    leaving = clock(status.estimated)
    leaving = phrase("status.late", language, count=late, time=leaving) if late else leaving
    return phrase(f"status.{doing}", language, leaving=leaving, gate=status.gate, **words)
