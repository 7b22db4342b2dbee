"""Which day is the departure, which the return; one way or round trip; at what time."""

from __future__ import annotations

from datetime import date

import pytest

from flights.reading import Context, Reading, read

TODAY = date(2026, 11, 22)  # a Sunday
LEAVES = {"origin": "BER", "destination": "LIS", "departure_date": "2026-12-10"}
DAYS = ("departure_date", "return_date", "trip_type")


def told(text: str, **context) -> Reading:
    return read(text, Context(today=TODAY, **context))


def days(reading: Reading) -> tuple:
    return tuple(reading.values.get(slot) for slot in DAYS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tomorrow", ("2026-11-23", None, None)),
        ("on December 4th", ("2026-12-04", None, None)),
        ("this Friday", ("2026-11-27", None, None)),
        ("2026-12-24", ("2026-12-24", None, None)),
        ("on the 3rd of January", ("2027-01-03", None, None)),
        ("in two weeks", ("2026-12-06", None, None)),
        ("leaving December 4 and returning December 11", ("2026-12-04", "2026-12-11", "round_trip")),
        ("returning December 11, leaving December 4", ("2026-12-04", "2026-12-11", "round_trip")),
        ("from December 4 to December 11", ("2026-12-04", "2026-12-11", "round_trip")),
        ("December 4-11", ("2026-12-04", "2026-12-11", "round_trip")),
        ("on December 4, back on the 11th", ("2026-12-04", "2026-12-11", "round_trip")),
        ("fly out on Friday and come back on Sunday", ("2026-11-27", "2026-11-29", "round_trip")),
        ("I come back on December 20", (None, "2026-12-20", "round_trip")),
    ],
)
def test_days_of_a_sentence(text: str, expected: tuple) -> None:
    reading = told(text, intent="search_flights")
    assert days(reading) == expected
    assert reading.problems == []


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("December 12", "departure_date", ("2026-12-12", None, None)),
        ("December 12", "return_date", (None, "2026-12-12", "round_trip")),
        ("the 15th", "return_date", (None, "2026-12-15", "round_trip")),
        ("a week later", "return_date", (None, "2026-12-17", "round_trip")),
        ("January 2nd", "return_date", (None, "2027-01-02", "round_trip")),
        ("no", "return_date", (None, None, "one_way")),
        ("one way", "return_date", (None, None, "one_way")),
        ("I'm not coming back", "return_date", (None, None, "one_way")),
        ("just one-way please", "return_date", (None, None, "one_way")),
        ("no, to Milan", "return_date", (None, None, None)),
        ("no, on December 12", "return_date", (None, "2026-12-12", "round_trip")),
        ("no, two people", "return_date", (None, None, "one_way")),
        ("leave on December 12 instead", "return_date", ("2026-12-12", None, None)),
        ("sorry, I leave on December 9", "passengers", ("2026-12-09", None, None)),
    ],
)
def test_a_day_answers_the_question(text: str, asked: str, expected: tuple) -> None:
    reading = told(text, asked=asked, known=LEAVES, intent="inform")
    assert days(reading) == expected
    assert reading.problems == []


@pytest.mark.parametrize(
    ("text", "asked", "slot"),
    [
        ("yesterday", "departure_date", "departure_date"),
        ("on November 1st 2026", "departure_date", "departure_date"),
        ("last Friday", "departure_date", "departure_date"),
        ("yesterday", "return_date", "return_date"),
        ("2020-01-01", "departure_date", "departure_date"),
    ],
)
def test_a_past_day_is_refused(text: str, asked: str, slot: str) -> None:
    reading = told(text, asked=asked, intent="inform")
    assert [(each.kind, each.slot) for each in reading.problems] == [("date_in_past", slot)]
    assert slot not in reading.values


@pytest.mark.parametrize("text", ["December 24, 2027", "on 2028-05-01"])
def test_a_day_beyond_the_timetables_is_refused(text: str) -> None:
    reading = told(text, asked="departure_date", intent="inform")
    assert [(each.kind, each.slot) for each in reading.problems] == [("date_too_far", "departure_date")]
    assert "departure_date" not in reading.values


@pytest.mark.parametrize(
    ("text", "asked", "known"),
    [
        ("December 8", "return_date", LEAVES),
        ("2026-12-01", "return_date", LEAVES),
        ("return on December 5", None, LEAVES),
    ],
)
def test_nobody_comes_back_before_leaving(text: str, asked: str | None, known: dict) -> None:
    reading = told(text, asked=asked, known=known, intent="inform")
    assert [(each.kind, each.slot) for each in reading.problems] == [("return_before_departure", "return_date")]
    assert "return_date" not in reading.values


@pytest.mark.parametrize(
    ("text", "language"),
    [("the end of January", "en"), ("late January", "en"), ("Ende Januar", "de"), ("a finales de enero", "es")],
)
def test_a_part_of_a_month_is_one_day_of_travel(text: str, language: str) -> None:
    leaving = told(text, asked="departure_date", intent="inform", language=language)
    assert leaving.values == {"departure_date": "2027-01-21"}
    back = told(text, asked="return_date", known=LEAVES, intent="inform", language=language)
    assert back.values == {"return_date": "2027-01-21", "trip_type": "round_trip"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("early next week", ("2026-11-23", None, None)),
        ("the end of the week", ("2026-11-22", None, None)),
        ("leaving at the end of January, back in early February", ("2027-01-21", "2027-02-10", "round_trip")),
        ("from the end of January to early February", ("2027-01-21", "2027-02-10", "round_trip")),
    ],
)
def test_parts_of_weeks_and_months(text: str, expected: tuple) -> None:
    assert days(told(text, asked="departure_date", intent="inform")) == expected


def test_a_later_departure_empties_a_return_before_it() -> None:
    known = {**LEAVES, "return_date": "2026-12-15", "trip_type": "round_trip"}
    assert told("I leave on December 20", known=known, intent="inform").values == {
        "departure_date": "2026-12-20",
        "return_date": None,
    }


def test_a_corrected_weekday_is_the_nearest_one() -> None:
    known = {**LEAVES, "departure_date": "2026-12-11"}  # a Friday
    assert told("Saturday instead", known=known, intent="inform").values == {"departure_date": "2026-12-12"}


@pytest.mark.parametrize(
    ("text", "trip_type"),
    [
        ("one way", "one_way"),
        ("a one-way ticket", "one_way"),
        ("oneway", "one_way"),
        ("a single ticket to Rome", "one_way"),
        ("no return", "one_way"),
        ("I won't be coming back", "one_way"),
        ("round trip", "round_trip"),
        ("a roundtrip to Rome", "round_trip"),
        ("return ticket please", "round_trip"),
        ("to Rome and back", "round_trip"),
        ("not a round trip, one way", "one_way"),
        ("one way instead of a round trip", "one_way"),
        ("round trip, not one way", "round_trip"),
        ("a flight to Rome", None),
    ],
)
def test_one_way_or_round_trip(text: str, trip_type: str | None) -> None:
    assert told(text, intent="search_flights").values.get("trip_type") == trip_type


@pytest.mark.parametrize("text", ["That's all for today", "I am done for today, thanks", "what can you do now?"])
def test_a_day_said_in_passing_is_no_day_of_travel(text: str) -> None:
    assert days(told(text, intent="stop" if "for today" in text else "help")) == (None, None, None)
    assert days(told(text)) == (None, None, None)


def test_today_is_a_day_when_asked_for_one() -> None:
    assert told("today", asked="departure_date", intent="inform").values == {"departure_date": "2026-11-22"}


def test_a_number_for_another_question_is_no_day() -> None:
    reading = told("2", asked="passengers", known=LEAVES, intent="inform")
    assert days(reading) == (None, None, None)
    assert reading.values == {"passengers": 2}


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("in the morning", "morning"),
        ("an evening flight", "evening"),
        ("at 18:00", "18:00"),
        ("at 6 pm", "18:00"),
        ("after 3 pm", "15:00-23:59"),
        ("before noon", "00:00-12:00"),
        ("between 8 and 10 am", "08:00-10:00"),
        ("any time", "any"),
        ("whenever", "any"),
        ("to Rome", None),
    ],
)
def test_times_of_departure(text: str, time: str | None) -> None:
    assert told(text, intent="inform").values.get("departure_time") == time


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("how about Friday instead", LEAVES, ("2026-12-11", None, None)),
        ("the 12th instead please", LEAVES, ("2026-12-12", None, None)),
        ("sorry, I meant December 14", LEAVES, ("2026-12-14", None, None)),
        ("Actually make that Friday", LEAVES, ("2026-12-11", None, None)),
        ("no, make it the 14th", LEAVES, ("2026-12-14", None, None)),
        ("actually let's make it Friday", LEAVES, ("2026-12-11", None, None)),
        ("move it to Friday", LEAVES, ("2026-12-11", None, None)),
        ("change the date to the 14th", LEAVES, ("2026-12-14", None, None)),
        ("make that Friday to Sunday", LEAVES, ("2026-12-11", "2026-12-13", "round_trip")),
        ("I meant leave Friday", LEAVES, ("2026-12-11", None, None)),
        ("let's make it Friday", LEAVES, (None, "2026-12-11", "round_trip")),
        ("actually Friday", LEAVES, (None, "2026-12-11", "round_trip")),
        ("hmm, actually the 14th", LEAVES, (None, "2026-12-14", "round_trip")),
        ("actually, one way", LEAVES, (None, None, "one_way")),
        ("make that one way", LEAVES, (None, None, "one_way")),
        ("make that a return on Friday", LEAVES, (None, "2026-12-11", "round_trip")),
        ("make it back on Friday", LEAVES, (None, "2026-12-11", "round_trip")),
        ("make it the next day", LEAVES, (None, "2026-12-11", "round_trip")),
        ("make that Friday", {**LEAVES, "return_date": "2026-12-18"}, (None, "2026-12-11", "round_trip")),
        ("Friday", LEAVES, (None, "2026-12-11", "round_trip")),
        ("Friday instead", {**LEAVES, "failed_answers": 1}, (None, "2026-12-11", "round_trip")),
        ("Friday instead", {**LEAVES, "return_date": "2026-12-18"}, (None, "2026-12-11", "round_trip")),
        ("come back on Friday instead", LEAVES, (None, "2026-12-11", "round_trip")),
    ],
)
def test_instead_replaces_the_day_that_was_named(text: str, known: dict, expected: tuple) -> None:
    assert days(told(text, known=known, asked="return_date", intent="inform")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nein, mach Freitag draus", ("2026-12-11", None, None)),
        ("ändere das auf den 14.", ("2026-12-14", None, None)),
        ("mach für den Rückflug Freitag draus", (None, "2026-12-11", "round_trip")),
        ("eigentlich Freitag", (None, "2026-12-11", "round_trip")),
    ],
)
def test_german_replaces_the_day_that_was_named(text: str, expected: tuple) -> None:
    assert days(told(text, known=LEAVES, asked="return_date", intent="inform", language="de")) == expected


@pytest.mark.parametrize(
    "text", ["not on Friday but on Saturday", "instead of Friday, Saturday", "not Friday, Saturday"]
)
@pytest.mark.parametrize("asked", ["departure_date", "return_date", None])
def test_a_day_that_is_refused_is_no_day_of_travel(text: str, asked: str | None) -> None:
    known = {"departure_date": "2026-11-27"}
    reading = read(text, Context(today=date(2026, 11, 22), known=known, asked=asked, intent="inform"))
    assert reading.values == {"departure_date": "2026-11-28"}


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "next weekend"), ("en", "on the weekend"), ("de", "am Wochenende"), ("es", "el fin de semana")],
)
def test_a_weekend_answers_the_question_for_the_way_back(language: str, text: str) -> None:
    known = {"departure_date": "2026-11-24"}
    asked = Context(today=date(2026, 11, 20), asked="return_date", known=known, language=language)
    assert read(text, asked).values == {"return_date": "2026-11-29", "trip_type": "round_trip"}


def test_who_leaves_at_the_weekend_says_nothing_of_the_way_back() -> None:
    asked = Context(today=date(2026, 11, 20), asked="return_date", known={"departure_date": "2026-11-24"})
    assert read("leave next weekend", asked).values == {"departure_date": "2026-11-28"}
