"""Dates as travellers say them; the table of expressions is `date_expressions.csv`.

Columns: today, what is said, what is understood (`first[..last] [role] [grain] [past]`, several joined by ` ; `,
or `none`), the departure already known, the slot asked for, the locale.
"""

import csv
import time
from datetime import date, datetime, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from flights.dates import find_dates, find_stay, say_date, today_in, warm

WEDNESDAY = date(2027, 3, 3)
MAX_SECONDS = 0.1
with Path(__file__).with_name("date_expressions.csv").open(encoding="utf-8", newline="") as file:
    EXPRESSIONS = [tuple(row.values()) for row in csv.DictReader(file, restval="")]


def in_words(mention) -> str:
    last = f"..{mention.last}" if mention.last else ""
    grain = "" if mention.grain == "day" else mention.grain
    words = (f"{mention.first}{last}", mention.role, grain, "past" if mention.past else "")
    return " ".join(word for word in words if word)


@pytest.mark.parametrize(("today", "text", "expected", "after", "asked", "locale"), EXPRESSIONS)
def test_expression(today, text, expected, after, asked, locale):
    mentions = find_dates(
        text,
        today=date.fromisoformat(today),
        after=date.fromisoformat(after) if after else None,
        asked=asked or None,
        locale=locale or "en",
    )
    assert " ; ".join(in_words(one) for one in mentions) == ("" if expected == "none" else expected)


def test_the_table_is_large_enough():
    assert len(EXPRESSIONS) >= 220


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("I leave  on\tTommorow!", ["Tommorow"]),
        ("İstanbul, March 8th – 12th", ["March 8th – 12th"]),
        ("✈️ from the 8th of next month", ["the 8th of next month"]),
        ("leave Friday, return Monday", ["Friday", "Monday"]),
    ],
)
def test_spans_point_into_the_text_as_it_was_said(text, said):
    mentions = find_dates(text, today=WEDNESDAY)
    assert [one.text for one in mentions] == said
    assert all(text[one.start : one.end] == one.text for one in mentions)


def test_unknown_locale_says_what_is_known():
    with pytest.raises(ValueError, match="Known: .*en"):
        find_dates("Freitag", today=WEDNESDAY, locale="xx")


@pytest.mark.parametrize(
    ("text", "days", "months"),
    [
        ("to Rome for a week", 7, 0),
        ("for 3 nights", 3, 0),
        ("a 10-day holiday", 10, 0),
        ("staying two weeks", 14, 0),
        ("for a fortnight", 14, 0),
        ("for two months", 0, 2),
        ("just a day trip", 0, 0),
    ],
)
def test_stay_without_a_departure(text, days, months):
    stay = find_stay(text)
    assert (stay.days, stay.months) == (days, months)


@pytest.mark.parametrize("text", ["on Friday", "in two weeks", "for 2 people", "three days ago", "a week from now"])
def test_no_stay(text):
    assert find_stay(text) is None


@pytest.mark.parametrize(
    ("zone", "now", "expected"),
    [
        ("America/New_York", datetime(2027, 3, 4, 3, 30, tzinfo=timezone.utc), date(2027, 3, 3)),
        ("Asia/Tokyo", datetime(2027, 3, 3, 16, 0, tzinfo=timezone.utc), date(2027, 3, 4)),
        ("Europe/Berlin", datetime(2027, 3, 3, 12, 0, tzinfo=timezone.utc), date(2027, 3, 3)),
    ],
)
def test_today_is_the_travellers(zone, now, expected):
    assert today_in(zone, now=now) == expected


def test_today_without_a_clock_given_is_a_date():
    assert isinstance(today_in("UTC"), date)


@pytest.mark.parametrize(
    ("zone", "now", "message"),
    [
        ("Mars/Olympus", datetime(2027, 3, 3, tzinfo=timezone.utc), "Unknown time zone"),
        ("../../etc/passwd", datetime(2027, 3, 3, tzinfo=timezone.utc), "Unknown time zone"),
        ("UTC", datetime(2027, 3, 3), "no time zone"),  # noqa: DTZ001
    ],
)
def test_today_refuses(zone, now, message):
    with pytest.raises(ValueError, match=message):
        today_in(zone, now=now)


@pytest.mark.parametrize(
    ("day", "today", "locale", "expected"),
    [
        (date(2027, 3, 8), WEDNESDAY, "en", "Monday, March 8"),
        (date(2028, 2, 3), WEDNESDAY, "en", "Thursday, February 3"),
        (date(2028, 2, 4), WEDNESDAY, "en", "Friday, February 4, 2028"),
        (date(2019, 3, 1), WEDNESDAY, "en", "Friday, March 1, 2019"),
        (date(2027, 3, 8), None, "en", "Monday, March 8, 2027"),
        (date(2027, 3, 8), WEDNESDAY, "en_GB", "Monday, 8 March"),
    ],
)
def test_say_date(day, today, locale, expected):
    assert say_date(day, today=today, locale=locale) == expected


VOCABULARY = (
    "leave return from to until between and the on in next this last week weekend month day days after before of "
    "for a two 3 8 8th 12 31st first Friday mon March feb may 2027 3/8 8.3. 2027-03-08 24/7 "
    "tomorrow christmas easter - – , . "
    "( 99999999 0 12:30 $300 trip later that same end mid a.m. 's"
)
WORDS = st.sampled_from(VOCABULARY.split())
SENTENCES = st.lists(WORDS, max_size=25).map(" ".join)


@pytest.fixture(scope="module", autouse=True)
def warmed():
    warm()


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    text=st.one_of(st.text(max_size=300), SENTENCES),
    today=st.dates(min_value=date(2024, 1, 1), max_value=date(2099, 12, 31)),
    asked=st.sampled_from([None, "departure_date", "return_date"]),
)
@example(text="8 " * 2000, today=WEDNESDAY, asked="return_date")
@example(text="the second week of " * 500, today=WEDNESDAY, asked=None)
@example(text="a week from " * 500, today=WEDNESDAY, asked=None)
@example(text="in 999 months for 999 months", today=date(9999, 12, 31), asked=None)
def test_no_text_raises_or_takes_long(text, today, asked):
    began = time.thread_time()  # the machine may be busy with other things
    mentions = find_dates(text, today=today, after=today, asked=asked)
    assert time.thread_time() - began < MAX_SECONDS
    ends = [0]
    for one in mentions:
        assert text[one.start : one.end] == one.text
        assert one.start >= ends[-1]
        assert one.last is None or one.last >= one.first
        ends.append(one.end)
