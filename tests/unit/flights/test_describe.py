"""Flights in words: money, lines, cards, rows, statuses, and answers to questions about one flight."""

from __future__ import annotations

import json
from datetime import date, datetime, timezone

import pytest

from flights import describe, schedule
from flights.answers import answer
from flights.schedule import FlightStatus, Offer

TODAY = date(2026, 11, 22)


def at(day: int, clock: str) -> datetime:
    hours, minutes = map(int, clock.split(":"))
    return datetime(2026, 11, day, hours, minutes, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def direct() -> Offer:
    wish = {"origin": "JFK", "destination": "LAX", "departure_date": date(2026, 11, 27), "nonstop": True}
    return schedule.search(None, **wish)[0]


@pytest.fixture(scope="module")
def both_ways() -> Offer:
    wish = {"origin": "TOS", "destination": "LHR", "departure_date": date(2026, 11, 27)}
    return schedule.search(None, **wish, return_date=date(2026, 12, 4))[0]


@pytest.mark.parametrize(
    ("cents", "currency", "said"),
    [
        (123400, "USD", "$1,234"),
        (123450, "USD", "$1,234.50"),
        (5, "USD", "$0.05"),
        (0, "USD", "$0"),
        (9900, "EUR", "€99"),
        (100000000, "GBP", "£1,000,000"),
        (9900, "CHF", "99 CHF"),
    ],
)
def test_money(cents: int, currency: str, said: str) -> None:
    assert describe.say_money(cents, currency) == said


@pytest.mark.parametrize(("minutes", "said"), [(225, "3 h 45 min"), (60, "1 h"), (45, "45 min"), (480, "8 h")])
def test_durations(minutes: int, said: str) -> None:
    assert describe.say_duration(minutes) == said


@pytest.mark.parametrize(("count", "said"), [(1, "1 person"), (2, "2 people")])
def test_people(count: int, said: str) -> None:
    assert describe.say_people(count) == said


def test_places() -> None:
    assert describe.say_route("BER", "LIS") == "Berlin (BER) to Lisbon (LIS)"


def test_stops(direct, both_ways) -> None:
    assert describe.say_stops(direct) == "nonstop"
    assert describe.say_stops(both_ways) == f"1 stop ({both_ways.legs[0].destination})"


def test_the_total_is_for_everybody_both_ways(direct, both_ways) -> None:
    assert describe.total_cents(direct, 1) == direct.price_cents
    assert describe.total_cents(both_ways, 3) == 3 * (both_ways.price_cents + both_ways.inbound.price_cents)


def test_a_line_for_one_and_for_two(direct) -> None:
    one, two = describe.offer_line(direct, 1, 1), describe.offer_line(direct, 2, 2)
    assert one.startswith(f"1. {direct.departs:%H:%M} JFK – {direct.arrives:%H:%M}")
    assert one.endswith(f"economy · {describe.say_money(direct.price_cents)}")
    assert two.startswith("2. ")
    assert two.endswith(f"each, {describe.say_money(2 * direct.price_cents)} together")


def test_a_line_tells_the_way_back(both_ways) -> None:
    assert f"; back {both_ways.inbound.departs:%H:%M} LHR" in describe.offer_line(both_ways, 1, 1)


def test_a_card_is_json_and_can_be_chosen(both_ways) -> None:
    card = json.loads(json.dumps(describe.offer_card(both_ways, 3, 2)))
    assert card["id"] == both_ways.id
    assert (card["index"], card["payload"]) == (3, "option 3")
    assert card["total"] == describe.say_money(describe.total_cents(both_ways, 2))
    assert card["departs"] == both_ways.departs.strftime("%Y-%m-%dT%H:%M")
    assert card["inbound"]["origin"] == "LHR"
    assert len(card["via"]) == card["stops"] == 1


def test_what_is_shown_survives_json(direct, both_ways) -> None:
    stored = json.loads(json.dumps([describe.shown(direct), describe.shown(both_ways)]))
    first, second = describe.as_shown(stored)
    assert (first.id, first.stops, first.departs) == (direct.id, 0, f"{direct.departs:%H:%M}")
    assert second.price_cents == describe.total_cents(both_ways, 1)
    assert describe.as_shown(None) == ()


@pytest.mark.parametrize(
    ("slots", "rows"),
    [
        ({}, []),
        ({"origin": "BER"}, [["From", "Berlin (BER)"]]),
        (
            {"destination": "LIS", "departure_date": "2026-12-10", "return_date": "2026-12-15", "passengers": 2},
            [
                ["To", "Lisbon (LIS)"],
                ["Leaving", "Thursday, December 10"],
                ["Coming back", "Tuesday, December 15"],
                ["Travellers", "2 people"],
            ],
        ),
        ({"trip_type": "one_way", "return_date": "2026-12-15"}, [["Return", "none, one way"]]),
    ],
)
def test_the_trip_so_far(slots: dict, rows: list) -> None:
    assert describe.trip_rows(slots, TODAY) == rows


def test_rows_of_an_offer(direct, both_ways) -> None:
    labels = [label for label, _ in describe.offer_rows(direct, TODAY)]
    assert labels == ["Flight", "Leaves", "Arrives", "Cabin", "Ticket"]
    rows = describe.offer_rows(both_ways, TODAY)
    assert [label for label, _ in rows if "back" in label] == ["Flight back"]
    assert "Friday, November 27" in dict(rows[:2])["Leaves"]
    assert rows[-1] == ["Ticket", "refundable" if both_ways.refundable else "not refundable"]


@pytest.mark.parametrize(
    ("state", "delay", "parts"),
    [
        ("on_time", 0, ["is on time", "leaves at 10:00", "gate B12", "lands at 12:00"]),
        ("delayed", 25, ["is delayed", "25 minutes late", "gate B12"]),
        ("boarding", 0, ["is boarding", "gate B12"]),
        ("departed", 0, ["has left", "land at 12:00"]),
        ("landed", 0, ["landed at 12:00"]),
        ("cancelled", 0, ["has been cancelled", "refund"]),
    ],
)
def test_a_status_in_words(state: str, delay: int, parts: list[str]) -> None:
    out = state == "cancelled"
    status = FlightStatus(
        flight_number="LH234", carrier="LH", origin="FRA", destination="FCO", scheduled=at(22, "10:00"),
        estimated=None if out else at(22, "10:00"), scheduled_arrival=at(22, "12:00"),
        estimated_arrival=None if out else at(22, "12:00"), delay_minutes=delay, gate="B12", state=state,
    )  # fmt: skip
    said = describe.say_status(status, TODAY)
    assert said.startswith("Lufthansa LH234 from ")
    assert all(part in said for part in parts), said
    assert ("late" in said) is bool(delay)


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("when does it arrive?", "It arrives at {offer.arrives:%H:%M}"),
        ("what time does it land?", "It arrives at {offer.arrives:%H:%M}"),
        ("when does it leave?", "It leaves at {offer.departs:%H:%M}"),
        ("what is the departure time?", "It leaves at {offer.departs:%H:%M}"),
        ("is it nonstop?", "It is nonstop."),
        ("how many stops are there?", "It is nonstop."),
        ("can I get a refund?", "refundable"),
        ("does it include a checked bag?", "included"),
        ("how much luggage can I take?", "included"),
        ("what does it cost?", "It costs {price} per person, {total} for 2 people."),
        ("which airline is it?", "{offer.legs[0].flight_number}"),
        ("how long is the flight?", "It takes {duration}."),
        ("which airport does it leave from?", "(JFK)"),
        ("what airport does it land at?", "(LAX)"),
        ("what class is it?", "The seats are in economy."),
        ("is it a red-eye?", "red-eye"),
        ("how many people is it for?", "2 people"),
        ("tell me about it", "{price}"),
    ],
)
def test_answers(direct, question: str, says: str) -> None:
    expected = says.format(
        offer=direct,
        price=describe.say_money(direct.price_cents),
        total=describe.say_money(2 * direct.price_cents),
        duration=describe.say_duration(direct.duration_minutes),
    )
    assert expected in answer(question, direct, 2)


def test_two_questions_get_two_answers(direct) -> None:
    said = answer("when does it land, and is it nonstop?", direct)
    assert "It arrives at" in said
    assert "It is nonstop." in said


def test_questions_about_the_way_back(both_ways) -> None:
    said = answer("when does the return flight leave?", both_ways)
    assert said.startswith(f"It leaves at {both_ways.inbound.departs:%H:%M}")
