"""Answers to questions about one flight: which airport, when it lands, whether it is refundable, what it costs.

Reads the traveller's sentence and an offer; writes plain sentences. What asks for which answer is in
`languages/<code>/answers.yml`, the sentences are in `phrases.yml`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

from flights.airlines import airline
from flights.describe import (
    clock,
    flight_numbers,
    offer_words,
    say_airport,
    say_cabin,
    say_duration,
    say_money,
    say_people,
    say_stops,
    total_cents,
)
from flights.languages import DEFAULT, load
from flights.phrases import phrase
from flights.reading.words import pattern
from flights.schedule import Offer


@dataclass(frozen=True)
class Questions:
    """What to look for in a sentence, in the order in which answers are given; `back` asks for the way back."""

    back: str
    departure_airport: str
    arrival_airport: str
    airports: str
    arrival: str
    departure: str
    stops: str
    refund: str
    bags: str
    next_day: str
    red_eye: str
    cabin: str
    price: str
    carrier: str
    duration: str
    people: str


_KINDS = tuple(each.name for each in fields(Questions) if each.name != "back")


@dataclass(frozen=True)
class _Asked:
    """The half of the offer that is asked about, the whole of it, for how many, and in which language."""

    half: Offer
    offer: Offer
    passengers: int
    language: str

    def say(self, key: str, **words: object) -> str:
        return phrase(f"answers.{key}", self.language, **words)  # type: ignore[arg-type]

    def airport(self, code: str) -> str:
        return f"{say_airport(code, language=self.language)} ({code})"

    def money(self, cents: int) -> str:
        return say_money(cents, self.offer.currency, language=self.language)


def _asked(text: str, language: str) -> list[str]:
    questions = load(language, "answers", Questions)
    return [kind for kind in _KINDS if pattern(getattr(questions, kind)).search(text)]


def asks_about_a_flight(text: str, *, language: str = DEFAULT) -> bool:
    """Whether `answer` has more to say than an overview."""
    return bool(_asked(text, language))


def answer(text: str, offer: Offer, passengers: int = 1, *, language: str = DEFAULT) -> str:
    """Answers every question about `offer` that `text` asks; an overview when none is recognised."""
    back = pattern(load(language, "answers", Questions).back).search(text)
    asked = _Asked(offer.inbound if offer.inbound and back else offer, offer, passengers, language)
    said = list(dict.fromkeys(_ANSWERS[kind](asked) for kind in _asked(text, language)))
    return " ".join(said) or asked.say("overview", offer=offer_words(offer, passengers, language=language))


def _airports(asked: _Asked) -> str:
    origin, destination = asked.airport(asked.half.origin), asked.airport(asked.half.destination)
    return asked.say("airports", origin=origin, destination=destination)


def _arrival(asked: _Asked) -> str:
    time, later = clock(asked.half.arrives), asked.half.next_day
    return asked.say("arrival_later", time=time, count=later) if later else asked.say("arrival", time=time)


def _stops(asked: _Asked) -> str:
    if asked.half.stops == 0:
        return asked.say("nonstop")
    return asked.say("stops", stops=say_stops(asked.half, language=asked.language))


def _refund(asked: _Asked) -> str:
    said = asked.say("refundable" if asked.offer.refundable else "not_refundable")
    fee = asked.offer.change_fee_cents
    return f"{said} {asked.say('change_fee', fee=asked.money(fee))}" if fee else said


def _bags(asked: _Asked) -> str:
    count = asked.offer.bags_included
    return asked.say("bags", count=count) if count else asked.say("hand_luggage")


def _price(asked: _Asked) -> str:
    price = asked.money(total_cents(asked.offer, 1))
    if asked.passengers <= 1:
        return asked.say("price", price=price)
    total = asked.money(total_cents(asked.offer, asked.passengers))
    return asked.say("price_together", price=price, total=total, people=_party(asked))


def _party(asked: _Asked) -> str:
    return say_people(asked.passengers, language=asked.language)


_ANSWERS: dict[str, Callable[[_Asked], str]] = {
    "departure_airport": lambda asked: asked.say("departure_airport", origin=asked.airport(asked.half.origin)),
    "arrival_airport": lambda asked: asked.say("arrival_airport", destination=asked.airport(asked.half.destination)),
    "airports": _airports,
    "arrival": _arrival,
    "departure": lambda asked: asked.say("departure", time=clock(asked.half.departs)),
    "stops": _stops,
    "refund": _refund,
    "bags": _bags,
    "next_day": lambda asked: asked.say("next_day" if asked.half.next_day else "same_day"),
    "red_eye": lambda asked: asked.say("red_eye" if asked.half.red_eye else "no_red_eye"),
    "cabin": lambda asked: asked.say("cabin", cabin=say_cabin(asked.offer.cabin, language=asked.language)),
    "price": _price,
    "carrier": lambda asked: asked.say(
        "carrier", flights=flight_numbers(asked.half), airline=airline(asked.half.carrier).name
    ),
    "duration": lambda asked: asked.say(
        "duration", duration=say_duration(asked.half.duration_minutes, language=asked.language)
    ),
    "people": lambda asked: asked.say("people", people=_party(asked)),
}
