"""What is to change of a trip that is booked from Friday, November 27 to Friday, December 4."""

from __future__ import annotations

from datetime import date

import pytest

from flights.reading import Context
from flights.reading.changes import read_changes

TRIP = {
    "origin": "BER",
    "destination": "FCO",
    "departure_date": "2026-11-27",
    "return_date": "2026-12-04",
    "trip_type": "round_trip",
    "passengers": 2,
    "cabin": "economy",
    "refundable": False,
}


def read(text: str, intent: str = "change_booking", **more):
    return read_changes(text, Context(today=date(2026, 11, 20), known=TRIP, intent=intent, confidence=0.9, **more))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("I'd rather fly on Saturday", {"departure_date": "2026-11-28"}),
        ("change my booking to December 1", {"departure_date": "2026-12-01"}),
        ("change my flight from Friday to Sunday", {"departure_date": "2026-11-29"}),
        ("move my return to Sunday", {"return_date": "2026-11-29"}),
        ("fly back on the 9th instead", {"return_date": "2026-12-09"}),
        ("change my return from the 4th to the 8th", {"return_date": "2026-12-08"}),
        ("leave on the 30th and come back on the 7th", {"departure_date": "2026-11-30", "return_date": "2026-12-07"}),
        ("two days later", {"departure_date": "2026-11-29"}),
        ("a day earlier please", {"departure_date": "2026-11-26"}),
        ("push my flight back a week", {"departure_date": "2026-12-04"}),
        ("bring my return forward by a day", {"return_date": "2026-12-03"}),
        ("we want to stay three days longer", {"return_date": "2026-12-07"}),
        ("postpone it by two weeks", {"departure_date": "2026-12-11", "return_date": None}),
        ("business class please", {"cabin": "business"}),
        ("a morning flight", {"departure_time": "morning"}),
        ("with Lufthansa, nonstop", {"airline": "LH", "nonstop": True}),
        ("change my flight", {}),
    ],
)
def test_what_is_to_change(text, values) -> None:
    changes = read(text)
    assert changes.values == values
    assert changes.problems == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("change the destination to Paris", "trip_is_fixed"),
        ("make it three people", "trip_is_fixed"),
        ("change it to Friday", "as_booked"),
        ("move it to yesterday", "date_in_past"),
        ("two weeks earlier", "date_in_past"),
        ("come back three weeks earlier", "date_in_past"),
        ("return ten days earlier", "return_before_departure"),
    ],
)
def test_what_cannot_change(text, kind) -> None:
    changes = read(text)
    assert (changes.values, [each.kind for each in changes.problems]) == ({}, [kind])


@pytest.mark.parametrize(
    ("text", "day"), [("the departure date", "departure_date"), ("my flight back", "return_date"), ("hello", None)]
)
def test_which_day_is_to_change(text, day) -> None:
    assert read(text).which_day == day


@pytest.mark.parametrize("intent", ["faq", "chitchat", "flight_status"])
def test_a_digression_changes_nothing(intent) -> None:
    assert read("How early on Monday must we be there?", intent).values == {}
