"""How many fly, in which cabin, with which airline, nonstop or refundable."""

from __future__ import annotations

from datetime import date

import pytest

from flights.reading import Context, Reading, read

TODAY = date(2026, 11, 22)


def told(text: str, **context) -> Reading:
    return read(text, Context(today=TODAY, **{"intent": "inform", **context}))


@pytest.mark.parametrize(
    ("text", "cabin"),
    [
        ("business class", "business"),
        ("in business please", "business"),
        ("two business class tickets", "business"),
        ("economy", "economy"),
        ("coach is fine", "economy"),
        ("first class to Rome", "first"),
        ("I fly first", "first"),
        ("premium economy", "premium_economy"),
        ("economy plus", "premium_economy"),
        ("economy, not business", "economy"),
        ("any class", "any"),
        ("I don't care about the cabin", "any"),
        ("business or first class", "any"),
        ("a business trip to Rome", None),
        ("I travel on business", None),
        ("I have business in Rome", None),
        ("the first week of May", None),
        ("not business class", None),
    ],
)
def test_cabins(text: str, cabin: str | None) -> None:
    assert told(text).values.get("cabin") == cabin


def test_a_refused_cabin_leaves_the_choice_open() -> None:
    assert told("not business class", known={"cabin": "business"}).values == {"cabin": "any"}


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("with Lufthansa", {}, {"airline": "LH"}),
        ("Delta please", {}, {"airline": "DL"}),
        ("I prefer British Airways", {}, {"airline": "BA"}),
        ("not with Ryanair", {}, {"excluded_airlines": ["FR"]}),
        ("anything but Delta", {}, {"excluded_airlines": ["DL"]}),
        ("I hate United", {}, {"excluded_airlines": ["UA"]}),
        ("not Delta", {"excluded_airlines": ["FR"]}, {"excluded_airlines": ["DL", "FR"]}),
        ("not Delta", {"airline": "DL"}, {"airline": "any", "excluded_airlines": ["DL"]}),
        ("Lufthansa, not Ryanair", {}, {"airline": "LH"}),
        ("Lufthansa instead of Delta", {"airline": "DL"}, {"airline": "LH"}),
        ("Ryanair after all", {"excluded_airlines": ["FR"]}, {"airline": "FR", "excluded_airlines": None}),
        ("any airline", {"airline": "DL"}, {"airline": "any"}),
        ("no airline preference", {}, {"airline": "any"}),
        ("I don't care which airline", {}, {"airline": "any"}),
    ],
)
def test_airlines(text: str, known: dict, expected: dict) -> None:
    assert told(text, known=known).values == expected


@pytest.mark.parametrize("asked", ["airline", "cabin", "departure_time"])
@pytest.mark.parametrize("text", ["any", "I don't care", "doesn't matter", "no preference", "whatever"])
def test_indifference_answers_the_question(asked: str, text: str) -> None:
    assert told(text, asked=asked).values == {asked: "any"}


@pytest.mark.parametrize("asked", ["destination", "departure_date", "passengers"])
def test_indifference_is_no_answer_to_what_must_be_known(asked: str) -> None:
    assert told("I don't care", asked=asked).values == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nonstop", {"nonstop": True}),
        ("a non-stop flight", {"nonstop": True}),
        ("direct flights only", {"nonstop": True}),
        ("no layovers", {"nonstop": True}),
        ("without stops", {"nonstop": True}),
        ("stops are fine", {"nonstop": False}),
        ("I don't mind a layover", {"nonstop": False}),
        ("it doesn't have to be direct", {"nonstop": False}),
        ("refundable", {"refundable": True}),
        ("fully refundable tickets", {"refundable": True}),
        ("non-refundable is fine", {"refundable": False}),
        ("it does not need to be refundable", {"refundable": False}),
    ],
)
def test_kinds_of_flight(text: str, expected: dict) -> None:
    assert told(text).values == expected


@pytest.mark.parametrize(
    ("text", "asked", "passengers"),
    [
        ("2", "passengers", 2),
        ("two", "passengers", 2),
        ("just me", "passengers", 1),
        ("9", "passengers", 9),
        ("4 people", None, 4),
        ("my wife and I", None, 2),
        ("a flight for three to Rome", None, 3),
        ("I am visiting two friends in Rome", None, None),
        ("to Rome", None, None),
    ],
)
def test_passengers(text: str, asked: str | None, passengers: int | None) -> None:
    reading = told(text, asked=asked)
    assert reading.values.get("passengers") == passengers
    assert reading.problems == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("0", "no_passengers"),
        ("0 passengers", "no_passengers"),
        ("200", "too_many_passengers"),
        ("200 people", "too_many_passengers"),
        ("10", "too_many_passengers"),
    ],
)
def test_impossible_parties(text: str, kind: str) -> None:
    reading = told(text, asked="passengers")
    assert [(each.kind, each.slot) for each in reading.problems] == [(kind, "passengers")]
    assert "passengers" not in reading.values
