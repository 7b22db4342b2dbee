"""Answers to questions about one flight: which airport, when it lands, whether it is refundable, what it costs.

Reads the traveller's sentence and an offer; writes plain sentences.
"""

from __future__ import annotations

from typing import Any

from flights.airlines import airline
from flights.airports import airport
from flights.describe import (
    CABINS,
    clock,
    flight_numbers,
    offer_line,
    say_duration,
    say_money,
    say_people,
    say_stops,
    total_cents,
)
from flights.reading.words import pattern
from flights.schedule import Offer

# Questions about a flight: what to look for in the sentence, and what to say.
_BACK = r"\b(?:return|inbound|way back|back|coming home|homeward)\b"


def asks_about_a_flight(text: str) -> bool:
    """Whether `answer` has more to say than an overview."""
    return any(pattern(expression).search(text) for expression, _ in _ANSWERS)


def answer(text: str, offer: Offer, passengers: int = 1) -> str:
    """Answers every question about `offer` that `text` asks; an overview when none is recognised."""
    half = offer.inbound if offer.inbound and pattern(_BACK).search(text) else offer
    said = []
    for expression, tell in _ANSWERS:
        if pattern(expression).search(text):
            sentence = tell(half, offer, passengers)
            if sentence not in said:
                said.append(sentence)
    return " ".join(said) or f"It is {offer_line(offer, 1, passengers)[3:]}."


def _airports(half: Offer, *_: Any) -> str:
    return f"It leaves from {airport(half.origin).name} ({half.origin}) and lands at {airport(half.destination).name} ({half.destination})."


def _from_airport(half: Offer, *_: Any) -> str:
    return f"It leaves from {airport(half.origin).name} ({half.origin})."


def _to_airport(half: Offer, *_: Any) -> str:
    return f"It lands at {airport(half.destination).name} ({half.destination})."


def _arrival(half: Offer, *_: Any) -> str:
    later = {0: "", 1: " the next day"}.get(half.next_day, f" {half.next_day} days later")
    return f"It arrives at {clock(half.arrives)}{later}, local time."


def _departure(half: Offer, *_: Any) -> str:
    return f"It leaves at {clock(half.departs)}, local time."


def _stops(half: Offer, *_: Any) -> str:
    return "It is nonstop." if half.stops == 0 else f"It has {say_stops(half)}."


def _refund(half: Offer, offer: Offer, *_: Any) -> str:
    fee = f" Changing it costs {say_money(offer.change_fee_cents, offer.currency)}." if offer.change_fee_cents else ""
    return ("Yes, the ticket is refundable." if offer.refundable else "No, the ticket is not refundable.") + fee


def _bags(half: Offer, offer: Offer, *_: Any) -> str:
    count = offer.bags_included
    if not count:
        return "Hand luggage is included; checked bags cost extra."
    return f"{count} checked bag{'s' if count > 1 else ''} per person {'are' if count > 1 else 'is'} included, besides hand luggage."


def _next_day(half: Offer, *_: Any) -> str:
    return "Yes, it arrives the next day." if half.next_day else "No, it arrives the same day."


def _red_eye(half: Offer, *_: Any) -> str:
    return "Yes, it is a red-eye: it flies through the night." if half.red_eye else "No, it is not a red-eye."


def _cabin(half: Offer, offer: Offer, *_: Any) -> str:
    return f"The seats are in {CABINS[offer.cabin]}."


def _price(half: Offer, offer: Offer, passengers: int) -> str:
    total = (
        f", {say_money(total_cents(offer, passengers), offer.currency)} for {say_people(passengers)}"
        if passengers > 1
        else ""
    )
    return f"It costs {say_money(total_cents(offer, 1), offer.currency)} per person{total}."


def _carrier(half: Offer, *_: Any) -> str:
    return f"It is {flight_numbers(half)} with {airline(half.carrier).name}."


def _duration(half: Offer, *_: Any) -> str:
    return f"It takes {say_duration(half.duration_minutes)}."


def _people(half: Offer, offer: Offer, passengers: int) -> str:
    return f"The offer is for {say_people(passengers)}."


_ANSWERS = (
    (r"\b(?:depart\w*|leav\w*|from|origin|take\w* off|fly\w* out|out of)\b[^.?!]*\bairport|\bairport\b[^.?!]*\b(?:depart|leav|from|out of|take\w* off|origin)", _from_airport),
    (r"\b(?:arriv\w*|land\w*|to|into|destination|get in)\b[^.?!]*\bairport|\bairport\b[^.?!]*\b(?:arriv|land|to\b|into|destination|get in|going)", _to_airport),
    (r"\bairports\b|\bairport(?: name)?\W*$", _airports),
    (r"\b(?:when|what time|time|how late|at what)\b[^.?!]*\b(?:arriv|land|get (?:in|there|to)|reach|touch down|be there)|\barriv\w*\b[^.?!]*\btime|\barrival\b", _arrival),
    (r"\b(?:when|what time|time|at what)\b[^.?!]*\b(?:depart|leav|take\w* off|go\b|start|fly out)|\bdepart\w*\b[^.?!]*\btime|\bdeparture time", _departure),
    (r"\b(?:stops?|stopovers?|layovers?|direct|non[ -]?stop|connect\w*|change planes)\b", _stops),
    (r"\brefund\w*|\bmoney back|\bcancel\w*|\bchange fee", _refund),
    (r"\b(?:bags?|baggage|luggage|suitcases?|check(?:ed)? in)\b", _bags),
    (r"\b(?:next|same|following) day\b|\bovernight\b", _next_day),
    (r"\bred[ -]?eye\b|\bnight flight\b|\bthrough the night\b", _red_eye),
    (r"\b(?:cabin|class|economy|business|coach|seats?|seating)\b", _cabin),
    (r"\b(?:price|cost|costs|fare|how much(?! (?:luggage|baggage|time|bags?|hand))|expensive|total|pay)\b", _price),
    (r"\b(?:which|what) (?:airline|carrier|company)|\bflight number|\bwho (?:operates|flies)|\boperated by|\bis (?:it|that|this) (?:with|on|by)\b", _carrier),
    (r"\b(?:how long|duration|hours|flight time)\b", _duration),
    (r"\bhow many (?:people|passengers|travell?ers|tickets|seats)\b", _people),
)  # fmt: skip
