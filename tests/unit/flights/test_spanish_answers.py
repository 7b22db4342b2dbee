"""What is said in Spanish about flights, and which questions about one flight are understood."""

from __future__ import annotations

import re
from datetime import date

import pytest

from flights import describe, schedule
from flights.answers import answer, asks_about_a_flight
from flights.dates import say_date
from flights.phrases import phrases
from flights.schedule import Offer

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
    ("question", "says"),
    [
        ("¿De qué aeropuerto sale?", "Aeropuerto de salida: Aeropuerto John F. Kennedy de Nueva York (JFK)"),
        ("¿A qué aeropuerto llega?", "Aeropuerto de llegada: Aeropuerto de Los Ángeles (LAX)"),
        ("¿En qué aeropuerto aterriza?", "Aeropuerto de llegada"),
        ("¿Cuáles son los aeropuertos?", "; de llegada:"),
        ("¿A qué hora llega?", "Llega a las"),
        ("cuando aterriza", "Llega a las"),
        ("¿Cuál es la hora de llegada?", "Llega a las"),
        ("¿A qué hora sale?", "Sale a las"),
        ("¿Cuándo despega?", "Sale a las"),
        ("¿Es directo?", "Es un vuelo directo."),
        ("¿Tiene escalas?", "Es un vuelo directo."),
        ("¿Es reembolsable?", "reembolsable."),
        ("¿Me devuelven el dinero?", "reembolsable."),
        ("¿Incluye maleta?", "quipaje de mano"),
        ("¿Cuánto equipaje puedo llevar?", "quipaje de mano"),
        ("¿Llega el mismo día?", "llega"),
        ("¿Es un vuelo nocturno?", "nocturno"),
        ("¿En qué clase es?", "Los asientos son de clase turista."),
        ("¿Cuánto cuesta?", "por persona, "),
        ("¿Cuál es el precio total?", "para 2 personas."),
        ("¿Con qué aerolínea es?", "Es el "),
        ("¿Cuál es el número de vuelo?", "Es el "),
        ("¿Cuánto dura el vuelo?", "Dura "),
        ("¿Cuánto tarda?", "Dura "),
        ("¿Para cuántas personas es?", "La oferta es para 2 personas."),
        ("¿Qué me dice de ese?", "Es este: "),
    ],
)
def test_answers(direct, question: str, says: str) -> None:
    assert says in answer(question, direct, 2, language="es")


def test_two_questions_get_two_answers(direct) -> None:
    said = answer("¿a qué hora llega, y es directo?", direct, language="es")
    assert said.startswith("Llega a las")
    assert said.endswith("Es un vuelo directo.")


def test_a_question_about_the_way_back(both_ways) -> None:
    assert f"{both_ways.inbound.departs:%H:%M}" in answer("¿a qué hora sale la vuelta?", both_ways, language="es")


@pytest.mark.parametrize("text", ["hola", "me quedo con ese", "de Madrid a Roma", "somos dos"])
def test_what_asks_nothing(text: str) -> None:
    assert not asks_about_a_flight(text, language="es")


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("LON", "Londres (todos los aeropuertos)"),
        ("MUC", "Múnich (MUC)"),
        ("FLR", "Florencia, Italia (FLR)"),
        ("BOG", "Bogotá (BOG)"),
        ("PDX", "Portland, Oregon (PDX)"),
        ("KIN", "Kingston, Jamaica (KIN)"),
    ],
)
def test_places_have_their_spanish_names(code: str, label: str) -> None:
    assert describe.say_place(code, language="es") == label


def test_money_and_days_have_their_spanish_form() -> None:
    assert describe.say_money(123450, language="es") == "1.234,50 US$"
    assert describe.say_money(24000, language="es") == "240 US$"
    assert say_date(date(2027, 3, 8), today=TODAY, locale="es") == "lunes, 8 de marzo"
    assert say_date(date(2028, 3, 8), today=TODAY, locale="es") == "miércoles, 8 de marzo de 2028"


def test_a_line(direct, both_ways) -> None:
    line = describe.offer_line(direct, 1, 2, language="es")
    assert ", directo, " in line
    assert line.endswith("en total")
    assert "; vuelta " in describe.offer_line(both_ways, 1, 1, language="es")


def test_the_rows_of_a_trip() -> None:
    trip = {
        "origin": "BER",
        "destination": "MIL",
        "departure_date": "2026-12-04",
        "trip_type": "one_way",
        "passengers": 1,
    }
    assert describe.trip_rows(trip, TODAY, language="es") == [
        ["Desde", "Berlín (BER)"],
        ["Hacia", "Milán (todos los aeropuertos)"],
        ["Ida", "viernes, 4 de diciembre"],
        ["Vuelta", "no, solo ida"],
        ["Viajeros", "1 persona"],
    ]


def test_no_phrase_is_left_in_english() -> None:
    english, spanish = phrases("en"), phrases("es")
    same = {
        key
        for key, text in spanish.items()
        if text == english[key] and re.search(r"[a-z]{3}", re.sub(r"{\w+}", "", str(text)))
    }
    assert {key for key in same if not key.startswith(("duration.", "offers.flight"))} == set()
