"""The timetable: flights between any two airports on any day, the same for everybody, and what search makes of them."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from flights import schedule
from flights.airlines import airline
from flights.airports import airport
from flights.places.gazetteer import gazetteer
from flights.schedule import Offer, UnknownOffer
from flights.schedule.carriers import carriers
from flights.schedule.places import distance_km

ROOT = Path(__file__).parents[3]
FRIDAY = date(2026, 11, 27)
NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)


def search(origin: str, destination: str, day: date = FRIDAY, *, engine=None, **wish) -> list[Offer]:
    return schedule.search(engine, origin=origin, destination=destination, departure_date=day, **wish)


def some_pairs() -> list[tuple[str, str]]:
    codes = random.Random(11).sample(sorted(gazetteer().airports), 50)
    return list(zip(codes, codes[1:] + codes[:1], strict=True))


@pytest.mark.parametrize(("origin", "destination"), [("TOS", "USH"), ("USH", "TOS"), ("LYR", "IPC"), *some_pairs()])
def test_any_two_airports_have_flights(origin: str, destination: str) -> None:
    found = search(origin, destination)
    assert 4 <= len(found) <= 14 or (found and distance_km(origin, destination) < 250)
    for offer in found:
        assert (offer.origin, offer.destination, offer.departs.date()) == (origin, destination, FRIDAY)
        assert schedule.offer(None, offer.id) == offer


@pytest.mark.parametrize("offset", range(0, 800, 37))
def test_there_are_flights_on_any_day(offset: int) -> None:
    day = FRIDAY + timedelta(days=offset)
    assert len(search("MUC", "SVQ", day)) >= 4
    assert len(search("PDX", "HNL", day)) >= 4


@pytest.mark.parametrize(
    ("origin", "destination", "expected"),
    [
        ("JFK", "LAX", "DL AA UA B6 AS WN"),
        ("ATL", "SEA", "DL AA UA AS WN"),
        ("DEN", "DFW", "UA AA WN F9"),
        ("SFO", "BOS", "UA AA DL AS B6"),
        ("LAX", "LAS", "WN DL AA UA"),
        ("JFK", "LHR", "BA VS AA DL B6"),
        ("NYC", "LON", "BA VS AA DL UA"),
        ("BER", "FCO", "AZ LH"),
        ("CDG", "JFK", "AF DL AA"),
        ("YYZ", "CDG", "AC AF"),
        ("FRA", "NRT", "LH NH JL"),
        ("SYD", "AKL", "QF NZ"),
        ("DEL", "DXB", "AI EK 6E"),
        ("GRU", "LIS", "TP LA"),
        ("NBO", "ADD", "KQ ET"),
    ],
)
def test_the_carriers_a_traveller_expects(origin: str, destination: str, expected: str) -> None:
    flown = {offer.carrier for offer in search(origin, destination)}
    assert set(expected.split()) <= flown
    for carrier in expected.split():
        assert search(origin, destination, airline=carrier)


def test_every_carrier_has_a_name_and_known_hubs() -> None:
    for carrier in carriers().values():
        assert airline(carrier.code).name
        assert carrier.hubs
        assert all(airport(hub).code == hub for hub in carrier.hubs)


@pytest.mark.parametrize("pair", [("JFK", "LHR"), ("SYD", "LAX"), ("BER", "FCO"), ("TOS", "USH"), ("SFO", "BOS")])
def test_times_are_plausible(pair: tuple[str, str]) -> None:
    for offer in search(*pair):
        in_utc = offer.arrives.astimezone(timezone.utc) - offer.departs.astimezone(timezone.utc)
        assert offer.duration_minutes == in_utc.total_seconds() / 60
        assert offer.next_day == (offer.arrives.date() - offer.departs.date()).days
        assert offer.stops == len(offer.legs) - 1 == len(offer.via)
        for leg in offer.legs:
            assert leg.departs.tzinfo.key == airport(leg.origin).timezone
            assert leg.arrives.tzinfo.key == airport(leg.destination).timezone
            assert -1 <= leg.duration_minutes - (40 + leg.distance_km * 60 / 800) <= 6
            assert 5 <= leg.departs.hour <= 23
        for before, after in zip(offer.legs, offer.legs[1:], strict=False):
            wait = after.departs.astimezone(timezone.utc) - before.arrives.astimezone(timezone.utc)
            assert timedelta(minutes=45) <= wait <= timedelta(hours=26)


def test_a_night_flight_over_the_atlantic_is_a_red_eye() -> None:
    by_night = [offer for offer in search("JFK", "LHR", nonstop=True) if offer.departs.hour >= 18]
    assert by_night
    assert all(offer.red_eye and offer.next_day == 1 for offer in by_night)
    assert not any(offer.red_eye for offer in search("BER", "FCO", nonstop=True))


def test_a_flight_number_has_the_same_time_every_day() -> None:
    times: dict[str, set[str]] = {}
    for offset in range(14):
        for offer in search("BER", "FCO", FRIDAY + timedelta(days=offset), nonstop=True):
            times.setdefault(offer.legs[0].flight_number, set()).add(f"{offer.departs:%H:%M}")
    assert times
    assert all(len(known) == 1 for known in times.values())


def test_the_clock_change_moves_no_departure() -> None:
    before, after = (search("JFK", "LHR", date(2026, 3, day), airline="BA", nonstop=True) for day in (7, 9))
    assert {f"{offer.departs:%H:%M}" for offer in before} == {f"{offer.departs:%H:%M}" for offer in after}


def test_two_processes_make_the_same_timetable() -> None:
    code = (
        "import json, datetime; from flights import schedule\n"
        "day = datetime.date(2026, 11, 27)\n"
        "pairs = [('NYC', 'LON'), ('TOS', 'USH'), ('BER', 'FCO'), ('BWU', 'OAG')]\n"
        "print(json.dumps([o.as_dict() for a, b in pairs for o in schedule.search(None, origin=a, destination=b,"
        " departure_date=day, return_date=datetime.date(2026, 12, 4))]))"
    )
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
        )
        for seed in ("1", "2")
    ]
    first, second = (run.communicate(timeout=60)[0] for run in runs)
    assert first == second
    assert len(json.loads(first)) > 20


def test_the_timetable_of_one_day_is_pinned() -> None:
    """Offer ids live in bookings: whoever changes how they are drawn must say so in the changelog."""
    offer = schedule.offer(None, "JFK-LHR-20261127-BA974-E")
    assert (offer.departs.isoformat(), offer.stops, offer.carrier) == ("2026-11-27T10:30:00-05:00", 0, "BA")


def test_an_offer_is_json() -> None:
    offer = search("JFK", "LHR", return_date=FRIDAY + timedelta(days=7))[0]
    found = json.loads(json.dumps(offer.as_dict()))
    assert found["id"] == offer.id
    assert datetime.fromisoformat(found["legs"][0]["departs"]) == offer.departs
    assert found["total_cents"] == found["price_cents"] + found["inbound"]["price_cents"]


@pytest.mark.parametrize(
    "offer_id",
    [
        "",
        "BER-FCO",
        "BER-FCO-20261127-LH1-E",
        "BER-FCO-20261399-AZ2327-E",
        "BER-XXX-20261127-AZ2327-E",
        "BER-FCO-20261127-ZZ99-E",
        "BER-FCO-20261127-AZ2327-F",
        "BER-FCO-20261127-AZ2327-X",
        "BER-FRA-FCO-20261127-AZ2327-E",
        "JFK-LHR-20261127-BA974-E+JFK-LHR-20261204-BA974-E",
        "LHR-" * 3000,
    ],
)
def test_an_id_nobody_made_is_refused(offer_id: str) -> None:
    with pytest.raises(UnknownOffer, match="Search again"):
        schedule.offer(None, offer_id)
