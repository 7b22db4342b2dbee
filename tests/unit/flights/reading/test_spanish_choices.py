"""Which flight shown is chosen in Spanish, and whether a question was answered yes or no."""

from __future__ import annotations

from datetime import date

import pytest

from flights.reading import Context, Reading, Shown, read

KNOWN = {"origin": "BER", "destination": "LIS", "departure_date": "2026-12-10", "trip_type": "one_way", "passengers": 1}
LUFTHANSA, IBERIA, TAP = "BER-LIS-20261210-LH1170-E", "BER-LIS-20261210-IB71-E", "BER-LIS-20261210-TP531-E"
SHOWN = (
    Shown(LUFTHANSA, "LH", "09:15", "12:00", 30000, 225, 0),
    Shown(IBERIA, "IB", "07:00", "13:30", 20000, 450, 1),
    Shown(TAP, "TP", "18:40", "21:30", 40000, 200, 0),
)


def told(text: str, **context) -> Reading:
    return read(text, Context(today=date(2026, 11, 20), language="es", known=KNOWN, **context))


@pytest.mark.parametrize(
    ("text", "flight"),
    [
        ("el primero", LUFTHANSA),
        ("quiero el primero", LUFTHANSA),
        ("pues el 2", IBERIA),
        ("el primero no, el segundo", IBERIA),
        ("la segunda", IBERIA),
        ("el número 3", TAP),
        ("opción 2", IBERIA),
        ("3", TAP),
        ("el dos", IBERIA),
        ("el último", TAP),
        ("el más barato", IBERIA),
        ("la más barata, por favor", IBERIA),
        ("la opción más económica", IBERIA),
        ("el directo más barato", LUFTHANSA),
        ("el más rápido", TAP),
        ("el más temprano", IBERIA),
        ("el que sale más tarde", TAP),
        ("el de las siete", IBERIA),
        ("la de las 18:40", TAP),
        ("el de la tarde", TAP),
        ("el de Iberia", IBERIA),
        ("el vuelo de TAP", TAP),
        ("me quedo con ese", LUFTHANSA),
        ("me lo quedo", LUFTHANSA),
        ("sí", LUFTHANSA),
        ("ese está bien", LUFTHANSA),
    ],
)
def test_a_flight_on_the_screen_is_chosen(text: str, flight: str) -> None:
    reading = told(text, asked="selected_flight", shown=SHOWN)
    assert reading.values == {"selected_flight": flight}


@pytest.mark.parametrize(
    "text", ["¿cuál es el más barato?", "no me gusta", "un segundo", "el primero de mayo", "primera clase"]
)
def test_no_flight_is_chosen(text: str) -> None:
    assert "selected_flight" not in told(text, asked="selected_flight", shown=SHOWN).values


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("sí", True),
        ("si", True),
        ("claro", True),
        ("vale", True),
        ("pues sí", True),
        ("es correcto", True),
        ("creo que no", False),
        ("eso está mal", False),
        ("qué va", False),
        ("ok, adiós", None),
        ("eso es todo", None),
        ("de acuerdo", True),
        ("está bien", True),
        ("no hay problema", True),
        ("perfecto, resérvelo", True),
        ("no", False),
        ("no, está mal", False),
        ("para nada", False),
        ("claro que no", False),
        ("si hay escalas no sé", None),
        ("¿cuánto cuesta?", None),
        ("bueno, no sé", None),
    ],
)
def test_a_question_is_answered_yes_or_no(text: str, answer: bool | None) -> None:
    assert told(text, asked="confirm_trip").values.get("confirm_trip") is answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("mmm, pues", None),
        ("bueno, tal vez", None),
        ("bueno", True),
        ("vale, adiós", None),
        ("perfecto, muchas gracias, hasta luego", None),
        ("sí, resérvelo, adiós", True),
        ("sí por favor, gracias, chao", True),
    ],
)
def test_who_is_undecided_says_no_yes_even_when_the_model_hears_one(text: str, answer: bool | None) -> None:
    assert told(text, asked="confirm_booking", intent="affirm").values.get("confirm_booking") is answer


@pytest.mark.parametrize("text", ["salgo el 3", "mejor el 3 de diciembre", "cámbielo al 3"])
def test_a_day_said_between_the_flights_is_a_day(text: str) -> None:
    reading = told(text, asked="selected_flight", shown=SHOWN)
    assert reading.values == {"departure_date": "2026-12-03"}
