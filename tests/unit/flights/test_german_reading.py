"""German sentences through the reading: every detail at once, answers to what was asked, and what is no detail."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flights.reading import Context, Reading, Shown, asks_beside, read

TODAY = date(2026, 11, 22)
LUFTHANSA, DELTA = "BER-LIS-20261210-LH1170-E", "BER-LIS-20261210-DL71-E"
SHOWN = (
    Shown(LUFTHANSA, "LH", "09:15", "12:00", 30000, 225, 0),
    Shown(DELTA, "DL", "07:00", "13:30", 20000, 450, 1),
)
ROUTE = {"origin": "BER", "destination": "ROM"}
PORTLAND = {"place_choice": {"slot": "destination", "options": ["PDX", "PWM"], "name": "Portland"}}

SENTENCES = [
    (
        "Ich möchte am 8. Dezember von Berlin nach Rom fliegen",
        {"departure_date": "2026-12-08", "origin": "BER", "destination": "ROM"},
    ),
    (
        "zwei Business-Class-Tickets von Berlin nach Lissabon am 4. Dezember, zurück am 11. Dezember, nonstop mit "
        "Lufthansa",
        {
            "origin": "BER", "destination": "LIS", "departure_date": "2026-12-04", "return_date": "2026-12-11",
            "trip_type": "round_trip", "passengers": 2, "cabin": "business", "airline": "LH", "nonstop": True,
        },
    ),
    (
        "nur hin von New York nach Paris morgen früh für eine Person",
        {
            "origin": "NYC", "destination": "PAR", "departure_date": "2026-11-23", "trip_type": "one_way",
            "passengers": 1, "departure_time": "morning",
        },
    ),
    ("ich brauche diesen Freitag einen Flug nach Boston", {"destination": "BOS", "departure_date": "2026-11-27"}),
    (
        "ein erstattbares Ticket von London nach Rom in Premium Economy",
        {"origin": "LON", "destination": "ROM", "refundable": True, "cabin": "premium_economy"},
    ),
    (
        "meine Frau und ich wollen von Seattle nach Tokio, aber nicht mit Delta",
        {"origin": "SEA", "destination": "TYO", "passengers": 2, "excluded_airlines": ["DL"]},
    ),
    (
        "hin und zurück Madrid - Dublin, hin 10.12., zurück 15.12., nach 17 Uhr",
        {
            "origin": "MAD", "destination": "DUB", "departure_date": "2026-12-10", "return_date": "2026-12-15",
            "trip_type": "round_trip", "departure_time": "17:00-23:59",
        },
    ),
    (
        "Ich suche für 2 Erwachsene und ein Kind einen Flug nach Palma de Mallorca ab Köln vom 1. bis 8. April",
        {
            "origin": "CGN", "destination": "PMI", "departure_date": "2027-04-01", "return_date": "2027-04-08",
            "trip_type": "round_trip", "passengers": 3,
        },
    ),
    (
        "wir wollen zu viert von Wien nach Lissabon und zurück",
        {"origin": "VIE", "destination": "LIS", "passengers": 4, "trip_type": "round_trip"},
    ),
    ("Ich muss am Montag um 18 Uhr in Rom sein", {"destination": "ROM", "departure_date": "2026-11-23"}),
    ("Guten Morgen, ich möchte nach Rom", {"destination": "ROM"}),
    ("von Mailand, nicht von Rom, nach Wien", {"origin": "MIL", "destination": "VIE"}),
    ("nach Rom ab München", {"origin": "MUC", "destination": "ROM"}),
    ("Flug nach Mallorca für 2 im Mai", {"destination": "PMI", "passengers": 2, "departure_date": "2027-05-01"}),
    (
        "einmal Berlin Paris einfach, morgen",
        {"origin": "BER", "destination": "PAR", "departure_date": "2026-11-23", "trip_type": "one_way"},
    ),
    ("flug hamburg neapel", {"origin": "HAM", "destination": "NAP"}),
    ("meine Reise beginnt in Bratislava", {"origin": "BTS"}),
    ("heute noch von Dresden nach Basel", {"origin": "DRS", "destination": "BSL", "departure_date": "2026-11-22"}),
    ("Berlin-Rom", {"origin": "BER", "destination": "ROM"}),
    ("ich bin in Hamburg", {"origin": "HAM"}),
    ("aus Köln", {"origin": "CGN"}),
    ("von Essen nach Nizza", {"origin": "ESS", "destination": "NCE"}),
    ("am Freitagabend um halb acht", {"departure_date": "2026-11-27", "departure_time": "19:30"}),
    (
        "am Freitag hin und am Sonntag zurück",
        {"departure_date": "2026-11-27", "return_date": "2026-11-29", "trip_type": "round_trip"},
    ),
    (
        "ich fliege am 3. Januar ab und komme am 10. zurück",
        {"departure_date": "2027-01-03", "return_date": "2027-01-10", "trip_type": "round_trip"},
    ),
    ("am Morgen", {"departure_time": "morning"}),
    ("jederzeit", {"departure_time": "any"}),
    ("erste Klasse nach Rom", {"cabin": "first", "destination": "ROM"}),
    ("Economy, nicht Business", {"cabin": "economy"}),
    ("Business oder First Class", {"cabin": "any"}),
    ("egal welche Klasse", {"cabin": "any"}),
    ("eine Geschäftsreise nach Rom", {"destination": "ROM"}),
    ("lieber mit British Airways", {"airline": "BA"}),
    ("alles außer Delta", {"excluded_airlines": ["DL"]}),
    ("die Fluggesellschaft ist mir egal", {"airline": "any"}),
    ("Direktflug", {"nonstop": True}),
    ("ohne Umsteigen", {"nonstop": True}),
    ("muss nicht direkt sein", {"nonstop": False}),
    ("Zwischenstopps sind kein Problem", {"nonstop": False}),
    ("stornierbar", {"refundable": True}),
    ("muss nicht erstattbar sein", {"refundable": False}),
    ("mit Rückflug", {"trip_type": "round_trip"}),
    ("ich besuche zwei Freunde in Rom", {"destination": "ROM"}),
    ("hallo", {}),
    ("Guten Morgen", {}),
    ("in der Zeit", {}),
    ("eine Frage", {}),
    ("?!", {}),
]  # fmt: skip
ANSWERS = [
    ("Rom, bitte", {"asked": "destination"}, {"destination": "ROM"}),
    ("ich meine Rom", {"asked": "destination"}, {"destination": "ROM"}),
    ("ab Zürich", {"asked": "origin"}, {"origin": "ZRH"}),
    ("Zuerich", {"asked": "origin"}, {"origin": "ZRH"}),
    ("Essen", {"asked": "origin"}, {"origin": "ESS"}),
    ("ich meinte Porto", {"asked": "origin", "known": {"destination": "LIS"}}, {"destination": "OPO"}),
    ("nicht nach Rom, nach Mailand", {"known": ROUTE}, {"destination": "MIL"}),
    ("statt Rom Mailand", {"known": ROUTE}, {"destination": "MIL"}),
    ("andersrum", {"known": ROUTE}, {"origin": "ROM", "destination": "BER"}),
    ("tauschen Sie Start und Ziel", {"known": ROUTE}, {"origin": "ROM", "destination": "BER"}),
    ("nur hin", {"asked": "return_date"}, {"trip_type": "one_way"}),
    ("einfach", {"asked": "return_date"}, {"trip_type": "one_way"}),
    ("nein danke", {"asked": "return_date"}, {"trip_type": "one_way"}),
    ("keinen Rückflug", {"asked": "return_date"}, {"trip_type": "one_way"}),
    ("ich komme nicht zurück", {"asked": "return_date"}, {"trip_type": "one_way"}),
    (
        "acht Tage",
        {"asked": "return_date", "known": {"departure_date": "2026-12-04"}},
        {"return_date": "2026-12-12", "trip_type": "round_trip"},
    ),
    (
        "nein, am Sonntag",
        {"asked": "return_date", "known": {"departure_date": "2026-12-04"}},
        {"return_date": "2026-12-06", "trip_type": "round_trip"},
    ),
    (
        "doch lieber am Samstag",
        {"asked": "return_date", "known": {"departure_date": "2026-12-04"}},
        {"departure_date": "2026-12-05"},
    ),
    (
        "nicht am Freitag, sondern am Samstag",
        {"asked": "return_date", "known": {"departure_date": "2026-11-27"}},
        {"departure_date": "2026-11-28"},
    ),
    ("egal", {"asked": "airline"}, {"airline": "any"}),
    ("ist mir egal", {"asked": "cabin"}, {"cabin": "any"}),
    ("keine Präferenz", {"asked": "departure_time"}, {"departure_time": "any"}),
    ("keine Business Class", {"known": {"cabin": "business"}}, {"cabin": "any"}),
    ("2", {"asked": "passengers"}, {"passengers": 2}),
    ("nur ich", {"asked": "passengers"}, {"passengers": 1}),
    ("noch eine Person", {"asked": "return_date", "known": {"passengers": 2}}, {"passengers": 3}),
    ("mein Freund kommt mit", {"asked": "return_date", "known": {"passengers": 1}}, {"passengers": 2}),
    ("das in Oregon", {"asked": "place_choice", "known": PORTLAND}, {"destination": "PDX"}),
    ("das zweite", {"asked": "place_choice", "known": PORTLAND}, {"destination": "PWM"}),
    ("ja", {"asked": "confirm_booking", "intent": "affirm"}, {"confirm_booking": True}),
    ("ja, buchen", {"asked": "confirm_booking", "intent": None}, {"confirm_booking": True}),
    ("tja, mal sehen", {"asked": "confirm_booking", "intent": "affirm"}, {}),
    ("stimmt", {"asked": "confirm_booking", "intent": None}, {"confirm_booking": True}),
    ("stimmt nicht", {"asked": "confirm_booking", "intent": None}, {"confirm_booking": False}),
    (
        "ja, aber am Samstag",
        {"asked": "confirm_booking", "known": {"departure_date": "2026-12-04"}},
        {"departure_date": "2026-12-05"},
    ),
    ("ich heiße Anna Schmidt", {"asked": "passenger_name"}, {"passenger_name": "Anna Schmidt"}),
    ("Anna-Lena von Hohenberg", {"asked": "passenger_name"}, {"passenger_name": "Anna-Lena von Hohenberg"}),
    ("vier, davon zwei Kinder", {"asked": "passengers"}, {"passengers": 4}),
    ("ab Berlin Tegel", {"asked": "origin"}, {"origin": "BER"}),
    ("brauche ich nicht", {"asked": "return_date"}, {"trip_type": "one_way"}),
    ("Herr Karl Weiß", {"asked": "passenger_name"}, {"passenger_name": "Karl Weiß"}),
    ("mein Name ist Anna Schmidt", {}, {"passenger_name": "Anna Schmidt"}),
    ("zwei Personen", {"asked": "passenger_name"}, {"passengers": 2}),
    ("meine Handynummer ist 0151 23456789", {}, {"contact_phone": "0151 23456789"}),
]
CHOICES = [
    ("den ersten", LUFTHANSA),
    ("die zweite bitte", DELTA),
    ("nein, den zweiten", DELTA),
    ("doch lieber den zweiten", DELTA),
    ("Nummer 2", DELTA),
    ("2", DELTA),
    ("den günstigsten", DELTA),
    ("den um sieben", DELTA),
    ("den frühesten", DELTA),
    ("den spätesten", LUFTHANSA),
    ("der schnellste", LUFTHANSA),
    ("den von Lufthansa", LUFTHANSA),
    ("den nehme ich", LUFTHANSA),
    ("passt mir gut", LUFTHANSA),
    ("ja bitte", LUFTHANSA),
    ("der passt nicht", None),
    ("was kostet der zweite?", None),
]


def told(text: str, **context) -> Reading:
    return read(text, Context(today=TODAY, language="de", **{"intent": "inform", **context}))


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_everything_at_once(text: str, expected: dict) -> None:
    reading = told(text, intent="search_flights")
    assert reading.values == expected
    assert reading.problems == []


@pytest.mark.parametrize(("text", "context", "expected"), ANSWERS)
def test_answers(text: str, context: dict, expected: dict) -> None:
    values = told(text, **context).values
    values.pop("place_choice", None)
    assert values == expected


@pytest.mark.parametrize(("text", "flight"), CHOICES)
def test_choosing_a_flight(text: str, flight: str | None) -> None:
    assert told(text, asked="selected_flight", shown=SHOWN).values.get("selected_flight") == flight


def test_who_is_undecided_chooses_nothing_even_when_the_model_hears_a_yes() -> None:
    assert told("tja, mal sehen", asked="selected_flight", intent="affirm", shown=SHOWN).values == {}


@pytest.mark.parametrize("text", ["Nummer 3", "die Sieben"])
def test_a_flight_that_is_not_on_the_screen(text: str) -> None:
    reading = told(text, asked="selected_flight", shown=SHOWN)
    assert [each.kind for each in reading.problems] == ["no_such_option"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Wie viel Gepäck darf ich nach Rom mitnehmen?", "faq"),
        ("Darf ich meinen Hund auf einem Direktflug mitnehmen?", "faq"),
        ("Gibt es Essen an Bord?", "faq"),
        ("Mögen Sie Paris?", "chitchat"),
        ("Ist das Economy?", "ask_flight_detail"),
        ("Wann geht der Flug?", "ask_flight_detail"),
        ("Ist er erstattbar?", "ask_flight_detail"),
        ("Mein Koffer ist auf dem Weg von Madrid verloren gegangen, wen rufe ich an?", "faq"),
        ("Das war es für heute", "goodbye"),
    ],
)
def test_what_is_no_wish(text: str, intent: str) -> None:
    assert told(text, intent=intent, asked="selected_flight", shown=SHOWN).values == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zwei Personen. Darf ich meinen Hund mitnehmen?", {"passengers": 2}),
        ("drei Personen bitte, und was darf ein Koffer wiegen?", {"passengers": 3}),
    ],
)
def test_an_answer_beside_a_question(text: str, expected: dict) -> None:
    reading = told(text, intent="faq", asked="selected_flight", shown=SHOWN, known={"passengers": 1})
    assert reading.values == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zwei Personen. Wie viele Koffer darf ich mitnehmen?", True),
        ("Berlin, und darf ich meinen Hund mitnehmen?", True),
        ("nach Rom bitte und brauche ich ein Visum", True),
        ("am 8. Dezember. Was kostet ein Koffer?", True),
        ("am 8. Dezember von Berlin", False),  # the dot ends no sentence
        ("Zwei Personen. Wir haben einen Hund.", False),
        ("nein, geht es auch nächsten Freitag?", False),
    ],
)
def test_a_question_beside_an_answer_is_noticed(text: str, expected: bool) -> None:
    assert asks_beside(text, Context(today=TODAY, language="de")) is expected


FRAGMENTS = """von nach nicht ja nein Berlin Essen Schweiz und oder der ersten 2 19 Uhr Freitag 31. Dezember -1 halb
zurück Lufthansa zu zweit bis am @ + / → é für 8.3. anna@example.com ( [ \\ ? . , ü ß"""
TEXTS = st.one_of(st.text(max_size=120), st.lists(st.sampled_from(FRAGMENTS.split()), max_size=14).map(" ".join))


@settings(max_examples=100, deadline=None)
@given(text=TEXTS, asked=st.sampled_from([None, "origin", "return_date", "passengers", "selected_flight"]))
def test_no_text_raises(text: str, asked: str | None) -> None:
    known = {"origin": "BER", "destination": "PDX", "departure_date": "2026-12-10"}
    reading = read(text, Context(TODAY, known=known, asked=asked, shown=SHOWN, language="de"))
    assert isinstance(reading, Reading)
