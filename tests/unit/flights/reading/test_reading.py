"""Whole sentences: every detail at once, repeated, disturbed, and any text at all."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flights.reading import Context, Reading, Shown, asks_beside, read, says_something, wants_to_start_over

TODAY = date(2026, 11, 22)
LUFTHANSA, DELTA = "BER-LIS-20261210-LH1170-E", "BER-LIS-20261210-DL71-E"
SHOWN = (
    Shown(LUFTHANSA, "LH", "09:15", "12:00", 30000, 225, 0),
    Shown(DELTA, "DL", "07:00", "13:30", 20000, 450, 1),
)
CHOICE = {"slot": "destination", "options": ["PDX", "PWM"], "name": "Portland"}
SLOTS = (
    None, "origin", "destination", "place_choice", "departure_date", "return_date", "passengers", "cabin", "airline",
    "departure_time", "selected_flight", "confirm_trip", "confirm_booking", "passenger_name", "contact_email",
    "contact_phone",
)  # fmt: skip
INTENTS = (None, "inform", "affirm", "deny", "choose_flight", "ask_flight_detail", "faq", "stop", "nlu_fallback")
SENTENCES = [
    (
        "Two business class tickets from Berlin to Lisbon on December 4, back on December 11, nonstop with Lufthansa",
        {
            "origin": "BER", "destination": "LIS", "departure_date": "2026-12-04", "return_date": "2026-12-11",
            "trip_type": "round_trip", "passengers": 2, "cabin": "business", "airline": "LH", "nonstop": True,
        },
    ),
    (
        "one way from New York to Paris tomorrow morning for one person",
        {
            "origin": "NYC", "destination": "PAR", "departure_date": "2026-11-23", "trip_type": "one_way",
            "passengers": 1, "departure_time": "morning",
        },
    ),
    ("I need a flight to Boston this Friday", {"destination": "BOS", "departure_date": "2026-11-27"}),
    (
        "a refundable ticket from London to Rome in premium economy",
        {"origin": "LON", "destination": "ROM", "refundable": True, "cabin": "premium_economy"},
    ),
    (
        "my wife and I want to go to Tokyo from Seattle, but not with Delta",
        {"origin": "SEA", "destination": "TYO", "passengers": 2, "excluded_airlines": ["DL"]},
    ),
    (
        "round trip Madrid to Dublin, leaving 2026-12-10 and returning 2026-12-15, after 5 pm",
        {
            "origin": "MAD", "destination": "DUB", "departure_date": "2026-12-10", "return_date": "2026-12-15",
            "trip_type": "round_trip", "departure_time": "17:00-23:59",
        },
    ),
    ("hello", {}),
    ("", {}),
    ("?!", {}),
]  # fmt: skip


def told(text: str, **context) -> Reading:
    return read(text, Context(today=TODAY, **context))


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_everything_at_once(text: str, expected: dict) -> None:
    reading = told(text, intent="search_flights")
    assert reading.values == expected
    assert reading.problems == []


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_reading_twice_changes_nothing(text: str, expected: dict) -> None:
    again = told(text, intent="search_flights", known=expected)
    assert again.values == {}
    assert again.problems == []


def test_an_answer_is_kept_even_when_it_repeats_what_is_known() -> None:
    known = {"origin": "BER", "destination": "LIS"}
    assert told("Berlin", asked="origin", known=known, intent="inform").values == {"origin": "BER"}


@pytest.mark.parametrize(
    "text", ["what is the baggage allowance to Rome?", "can I bring my dog on a direct flight?", "do you like Paris?"]
)
def test_a_question_of_fact_is_no_wish(text: str) -> None:
    assert told(text, intent="faq").values == {}


def test_a_question_about_a_flight_shown_is_no_wish() -> None:
    for text in ("is that economy?", "is it nonstop?", "is it refundable?", "when does it land in Lisbon?"):
        reading = told(text, intent="ask_flight_detail", asked="selected_flight", shown=SHOWN)
        assert reading.values == {}, text


def test_choosing_by_airline_asks_for_no_other_search() -> None:
    reading = told("the Delta one at 7 am", asked="selected_flight", shown=SHOWN, intent="choose_flight")
    assert reading.values == {"selected_flight": DELTA}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("from Berlin to Rome", True), ("next Friday", True), ("3 people", True), ("hello", False), ("thank you", False)],
)
def test_says_something(text: str, expected: bool) -> None:
    assert says_something(text, today=TODAY) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("start over", True), ("let's start again from scratch", True), ("restart", True), ("new search", True),
        ("stop", False), ("the flight starts over there", False), ("goodbye", False),
    ],
)  # fmt: skip
def test_starting_over(text: str, expected: bool) -> None:
    assert wants_to_start_over(text) is expected


FRAGMENTS = """from to not no yes Berlin Portland Japan NYC and or the first 2 7pm Friday December 31 -1 0 200 business
return Delta one way back @ + / → é 東京 anna@example.com +49301234567 ( [ \\ ? . ,"""
WORDS = st.sampled_from([*FRAGMENTS.split(), "\n", "\0"])
TEXTS = st.one_of(st.text(max_size=120), st.lists(WORDS, max_size=14).map(" ".join))


@settings(max_examples=200, deadline=None)
@given(text=TEXTS, asked=st.sampled_from(SLOTS), intent=st.sampled_from(INTENTS))
def test_no_text_raises(text: str, asked: str | None, intent: str | None) -> None:
    known = {
        "origin": "BER", "destination": "PDX", "departure_date": "2026-12-10", "return_date": "2026-12-12",
        "excluded_airlines": ["FR"], "place_choice": CHOICE,
    }  # fmt: skip
    for context in (Context(TODAY), Context(TODAY, known=known, asked=asked, intent=intent, shown=SHOWN)):
        reading = read(text, context)
        assert isinstance(reading, Reading)
        assert all(isinstance(each.as_dict(), dict) for each in reading.problems)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two people. Can I bring my dog?", {"passengers": 2}),
        ("make it three people, and what may a suitcase weigh?", {"passengers": 3}),
        ("my case never turned up on the way from Madrid with Iberia, who do I call?", {}),
        ("They delayed my flight from Oslo to Rome yesterday. What am I owed?", {}),
    ],
)
def test_what_happened_earlier_is_part_of_a_question(text: str, expected: dict) -> None:
    known = {"origin": "BER", "destination": "PDX", "departure_date": "2026-12-10", "passengers": 1}
    context = Context(today=TODAY, known=known, asked="selected_flight", intent="faq", shown=SHOWN)
    assert read(text, context).values == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two people. How many bags can we take?", True),
        ("Berlin, and can I take my dog?", True),
        ("to Rome please and do I need a visa there", True),
        ("can I take my dog?", False),  # nothing beside it
        ("Two people. We have a dog.", False),  # no question
        ("no, can you make it next Friday?", False),  # it tells of the trip
        ("Berlin, right?", False),
    ],
)
def test_a_question_beside_an_answer_is_noticed(text: str, expected: bool) -> None:
    assert asks_beside(text, Context(today=TODAY)) is expected


@pytest.mark.parametrize(
    ("text", "again"),
    [("two people", ["passengers"]), ("from Berlin", ["origin"]), ("Berlin", ["origin"]), ("in economy", [])],
)
def test_a_detail_said_again_is_told_apart_from_silence(text: str, again: list[str]) -> None:
    known = {"origin": "BER", "destination": "LIS", "passengers": 2}
    assert read(text, Context(today=TODAY, known=known, asked="departure_date", intent="inform")).repeated == again


@pytest.mark.parametrize(("known", "count"), [({}, 2), ({"passengers": 1}, 2), ({"passengers": 3}, 4)])
def test_who_comes_along_is_added_to_those_who_fly(known: dict, count: int) -> None:
    reading = read("my sister comes along", Context(today=TODAY, known=known, asked="return_date", intent="inform"))
    assert reading.values == {"passengers": count}
