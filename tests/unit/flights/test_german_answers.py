"""Flights in German words: money, dates, places, lines, rows, statuses, and answers to questions about one flight."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from flights import describe, schedule
from flights.airports import find, scan
from flights.answers import answer, asks_about_a_flight
from flights.dates import say_date
from flights.phrases import phrases
from flights.places.words import by_language
from flights.schedule import FlightStatus, Offer

TODAY = date(2026, 11, 22)


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
    [(123400, "USD", "1.234 $"), (123450, "EUR", "1.234,50 €"), (5, "USD", "0,05 $"), (9900, "CHF", "99 CHF")],
)
def test_money(cents: int, currency: str, said: str) -> None:
    assert describe.say_money(cents, currency, language="de") == said


@pytest.mark.parametrize(
    ("day", "said"), [(date(2027, 3, 8), "Montag, 8. März"), (date(2029, 3, 8), "Donnerstag, 8. März 2029")]
)
def test_dates(day: date, said: str) -> None:
    assert say_date(day, today=TODAY, locale="de") == said


@pytest.mark.parametrize(
    ("origin", "destination", "said"),
    [
        ("BER", "LIS", "Berlin (BER) nach Lissabon (LIS)"),
        ("MIL", "TYO", "Mailand (alle Flughäfen) nach Tokio (alle Flughäfen)"),
        ("ZRH", "PDX", "Zürich (ZRH) nach Portland, Oregon (PDX)"),
        ("VIE", "SIN", "Wien (VIE) nach Singapur (SIN)"),
    ],
)
def test_places(origin: str, destination: str, said: str) -> None:
    assert describe.say_route(origin, destination, language="de") == said


def test_one_and_many(direct, both_ways) -> None:
    assert describe.say_people(1, language="de") == "1 Person"
    assert describe.say_people(3, language="de") == "3 Personen"
    assert describe.say_stops(direct, language="de") == "nonstop"
    assert describe.say_stops(both_ways, language="de").startswith("1 Zwischenstopp (")


def test_a_line(both_ways) -> None:
    line = describe.offer_line(both_ways, 1, 2, language="de")
    assert "; zurück " in line
    assert " pro Person, zusammen " in line


def test_the_rows_of_a_trip() -> None:
    trip = {"origin": "BER", "destination": "MIL", "departure_date": "2026-12-04", "trip_type": "one_way"}
    assert describe.trip_rows({**trip, "passengers": 2}, TODAY, language="de") == [
        ["Von", "Berlin (BER)"],
        ["Nach", "Mailand (alle Flughäfen)"],
        ["Hinflug", "Freitag, 4. Dezember"],
        ["Rückflug", "keiner, nur Hinflug"],
        ["Reisende", "2 Personen"],
    ]


def test_a_status() -> None:
    at = datetime(2026, 11, 22, 10, 5, tzinfo=timezone.utc)
    status = FlightStatus(
        flight_number="LH234", carrier="LH", origin="FRA", destination="FCO", scheduled=at,
        estimated=at.replace(minute=35), scheduled_arrival=at.replace(hour=12),
        estimated_arrival=at.replace(hour=12, minute=35), delay_minutes=30, gate="A12", state="delayed",
    )  # fmt: skip
    said = describe.say_status(status, TODAY, language="de")
    assert said == (
        "Lufthansa LH234 von Frankfurt (FRA) nach Rom-Fiumicino (FCO) am Sonntag, 22. November ist verspätet: "
        "Abflug 10:35 Uhr, 30 Minuten verspätet, Gate A12, Landung 12:35."
    )


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("Von welchem Flughafen geht er ab?", "Abflughafen: "),
        ("Auf welchem Flughafen landet er?", "Zielflughafen: "),
        ("Wo landet er?", "Zielflughafen: "),
        ("Welche Flughäfen sind das?", "Abflughafen: "),
        ("Wann landet er?", "Er landet "),
        ("Wann kommt er an?", "Er landet "),
        ("Um wie viel Uhr geht er?", "Er startet um "),
        ("Wann fliegt er ab?", "Er startet um "),
        ("Wie lange dauert der Flug?", "Er dauert "),
        ("Ist er direkt?", "Es ist ein Direktflug"),
        ("Muss ich umsteigen?", "Es ist ein Direktflug"),
        ("Ist das Ticket erstattbar?", "erstattbar"),
        ("Kann ich stornieren?", "erstattbar"),
        ("Wie viel Gepäck ist dabei?", "andgepäck"),
        ("Kommt er am nächsten Tag an?", "Tag"),
        ("Ist das ein Nachtflug?", "Nachtflug"),
        ("Welche Klasse ist das?", "Die Plätze sind in der Klasse Economy."),
        ("Was kostet der?", " pro Person"),
        ("Welche Airline ist das?", "Es ist "),
        ("Wie ist die Flugnummer?", "Es ist "),
        ("Für wie viele Personen ist das?", "Das Angebot gilt für 2 Personen."),
        ("Erzählen Sie mir mehr", "Der Flug: "),
    ],
)
def test_answers(direct, question: str, says: str) -> None:
    said = answer(question, direct, 2, language="de")
    assert says in said
    assert asks_about_a_flight(question, language="de") is (says != "Der Flug: ")


def test_two_questions_get_two_answers(direct) -> None:
    said = answer("Wann landet er, und ist er erstattbar?", direct, language="de")
    assert "Er landet " in said
    assert "erstattbar" in said


def test_a_change_fee_is_no_question_for_the_price(direct) -> None:
    assert " pro Person" not in answer("Was kostet eine Umbuchung?", direct, language="de")


def test_a_question_about_the_way_back(both_ways) -> None:
    said = answer("Wann geht der Rückflug?", both_ways, language="de")
    assert said == f"Er startet um {both_ways.inbound.departs:%H:%M} Uhr Ortszeit."


def test_every_phrase_is_german() -> None:
    same = {key for key, each in phrases("de").items() if each == phrases("en")[key]}
    allowed = {"offers.flight", "rows.named_travellers", "rows.flight_with", "kept.value", "rows.name", "rows.ticket"}
    prefixes = ("duration.", "kept.kinds.", "stops.none", "details.nonstop", "cabins.")
    assert {key for key in same if key not in allowed and not key.startswith(prefixes)} == set()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("von Mailand nach Tokio", ["MIL", "TYO"]),
        ("von Köln nach Kopenhagen", ["CGN", "CPH"]),
        ("ab Zuerich nach Neapel", ["ZRH", "NAP"]),
        ("nach Lissabon", ["LIS"]),
        ("von Moskau nach Peking", ["MOW", "BJS"]),
        ("nach Havanna", ["HAV"]),
        ("nach Mexiko-Stadt", ["MEX"]),
        ("nach Neu-Delhi", ["DEL"]),
        ("nach Krakau oder Danzig", ["KRK", "GDN"]),
        ("von Genf nach Singapur", ["GVA", "SIN"]),
        ("nach dem Frühstück", []),
        ("von den Flügen", []),
        ("to the island of Malta", ["MLA"]),
    ],
)
def test_cities(text: str, codes: list[str]) -> None:
    assert [each.match.places[0].code for each in scan(text)] == codes


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("in die Schweiz", "Switzerland"),
        ("aus der Schweiz", "Switzerland"),
        ("in die Türkei", "Turkey"),
        ("nach Griechenland", "Greece"),
        ("nach Österreich", "Austria"),
        ("in den Irak", "Iraq"),
        ("nach Island", "Iceland"),
    ],
)
def test_countries(text: str, country: str) -> None:
    assert [each.match.area for each in scan(text)] == [country]


def test_the_names_are_many_and_their_own() -> None:
    german = by_language()["de"]
    assert len(german.names) + len(german.also) + len(german.country_names) >= 250
    wrong = {code: name for code, name in german.names.items() if not any(p.code == code for p in find(name).places)}
    assert wrong == {}
