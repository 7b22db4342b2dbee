"""Whole Spanish sentences, and what they mean where they are said; the words are in languages/es/reading.yml."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flights.reading import Context, Reading, Shown, Span, read

TODAY = date(2026, 11, 20)  # a Friday
KNOWN = {"origin": "BER", "destination": "LIS", "departure_date": "2026-12-10", "trip_type": "one_way", "passengers": 1}
ROUTE = {"origin": "MAD", "destination": "ROM"}
LUFTHANSA, IBERIA, TAP = "BER-LIS-20261210-LH1170-E", "BER-LIS-20261210-IB71-E", "BER-LIS-20261210-TP531-E"
SHOWN = (
    Shown(LUFTHANSA, "LH", "09:15", "12:00", 30000, 225, 0),
    Shown(IBERIA, "IB", "07:00", "13:30", 20000, 450, 1),
    Shown(TAP, "TP", "18:40", "21:30", 40000, 200, 0),
)
CITIES = {"Berlín": "BER", "Roma": "ROM", "Londres": "LON", "Nueva York": "NYC", "Bogotá": "BOG", "Lima": "LIM"}


def told(text: str, **context) -> Reading:
    return read(text, Context(today=TODAY, language="es", **context))


@pytest.mark.parametrize(("one", "other"), permutations(CITIES, 2))
@pytest.mark.parametrize(
    "sentence",
    [
        "de {0} a {1}",
        "a {1} desde {0}",
        "quiero volar a {1} desde {0} la semana que viene",
        "vuelos entre {0} y {1}",
        "{0} - {1}",
        "saliendo de {0} hacia {1}",
        "estoy en {0} y necesito ir a {1}",
    ],
)
def test_two_cities_in_every_order(sentence: str, one: str, other: str) -> None:
    values = told(sentence.format(one, other)).values
    assert (values.get("origin"), values.get("destination")) == (CITIES[one], CITIES[other])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Hola, buenas tardes, de Buenos Aires a Madrid el 15 de enero, vuelta el 30, dos adultos y un niño",
            {
                "origin": "BUE", "destination": "MAD", "departure_date": "2027-01-15", "return_date": "2027-01-30",
                "trip_type": "round_trip", "passengers": 3,
            },
        ),
        (
            "quiero salir de Santiago de Chile el 20 de diciembre por la tarde y volver el 5 de enero",
            {
                "origin": "SCL", "departure_date": "2026-12-20", "return_date": "2027-01-05", "trip_type": "round_trip",
                "departure_time": "12:00-19:59",
            },
        ),
        (
            "vuelo barato a París para dos personas el próximo fin de semana",
            {"destination": "PAR", "passengers": 2, "departure_date": "2026-11-21"},
        ),
        (
            "mi mujer y yo volamos el viernes a Sevilla en business, sin escalas",
            {
                "destination": "SVQ", "passengers": 2, "departure_date": "2026-11-27", "cabin": "business",
                "nonstop": True,
            },
        ),
        ("busco pasajes a Cusco para 4 desde Lima", {"origin": "LIM", "destination": "CUZ", "passengers": 4}),
        ("vuelo redondo de CDMX a Cancún", {"origin": "MEX", "destination": "CUN", "trip_type": "round_trip"}),
        ("solo ida a Bogotá mañana por la mañana",
         {"destination": "BOG", "trip_type": "one_way", "departure_date": "2026-11-21", "departure_time": "morning"}),
        ("del 3 al 10 de mayo a Tokio",
         {"destination": "TYO", "departure_date": "2027-05-03", "return_date": "2027-05-10",
          "trip_type": "round_trip"}),
        ("necesito volar a NY el lunes", {"destination": "NYC", "departure_date": "2026-11-23"}),
        ("de BCN a LHR", {"origin": "BCN", "destination": "LHR"}),
        ("un vuelo de LA a Madrid", {"origin": "LAX", "destination": "MAD"}),
        ("quiero ir de vacaciones a Cancún", {"destination": "CUN"}),
        ("salgo de la Ciudad de México", {"origin": "MEX"}),
        ("soy de Madrid y voy a Viena", {"origin": "MAD", "destination": "VIE"}),
        ("pasaje a La Habana con Copa", {"destination": "HAV", "airline": "CM"}),
        ("no con Ryanair", {"excluded_airlines": ["FR"]}),
        ("con Ryanair no", {"excluded_airlines": ["FR"]}),
        ("MAD a EZE", {"origin": "MAD", "destination": "EZE"}),
        ("vuelo Lima Cusco, una persona", {"origin": "LIM", "destination": "CUZ", "passengers": 1}),
        ("mi punto de partida sería Esmirna", {"origin": "ADB"}),
        ("cambie la ciudad de salida a Nantes", {"origin": "NTE"}),
        ("somos cuatro de Pasto a San Andrés", {"origin": "PSO", "destination": "ADZ", "passengers": 4}),
        ("vuelos a Santo Domingo el domingo", {"destination": "SDQ", "departure_date": "2026-11-22"}),
        ("que sea reembolsable y directo", {"refundable": True, "nonstop": True}),
        ("no tiene que ser directo", {"nonstop": False}),
        ("reembolsable no hace falta", {"refundable": False}),
        ("con escalas también", {"nonstop": False}),
        ("primera clase", {"cabin": "first"}),
        ("clase turista", {"cabin": "economy"}),
        ("turista premium", {"cabin": "premium_economy"}),
        ("en ejecutiva", {"cabin": "business"}),
        ("turista o business", {"cabin": "any"}),
        ("cualquier clase", {"cabin": "any"}),
        ("me da igual la aerolínea", {"airline": "any"}),
        ("a cualquier hora", {"departure_time": "any"}),
        ("solo ida en vez de ida y vuelta", {"trip_type": "one_way"}),
        ("ida y vuelta no, solo ida", {"trip_type": "one_way"}),
        ("sin vuelta", {"trip_type": "one_way"}),
        ("no vuelvo", {"trip_type": "one_way"}),
        ("mi nombre es Pedro Ruiz", {"passenger_name": "Pedro Ruiz"}),
        ("mi teléfono es +34 600 123 456", {"contact_phone": "+34 600 123 456"}),
    ],
)  # fmt: skip
def test_a_sentence_tells_everything_it_says(text: str, expected: dict) -> None:
    assert told(text).values == expected


@pytest.mark.parametrize(
    "text",
    [
        "hola", "buenos días", "buenas tardes", "gracias", "de nada", "a ver", "para nada", "una pregunta",
        "dos maletas", "es", "la", "son", "eso es todo por hoy", "hasta mañana", "qué aerolíneas hay",
        "viajo por negocios",
        "el apellido de Ana", "quiero hablar con una persona", "un momento", "un segundo", "no lo sé", "soy turista",
        "lo antes posible", "la más económica", "hasta la vista", "me cambiaron la reunion", "quiero una persona",
    ],
)  # fmt: skip
def test_a_sentence_that_tells_nothing(text: str) -> None:
    assert told(text).values == {}


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        ("destination", "Roma", {"destination": "ROM"}),
        ("destination", "a Roma, por favor", {"destination": "ROM"}),
        ("destination", "digo Roma", {"destination": "ROM"}),
        ("origin", "desde Milan", {"origin": "MIL"}),
        ("origin", "vivo en Sevilla", {"origin": "SVQ"}),
        ("departure_date", "el 8", {"departure_date": "2026-12-08"}),
        ("departure_date", "pues el veinticinco", {"departure_date": "2026-11-25"}),
        ("departure_date", "mañana", {"departure_date": "2026-11-21"}),
        ("passengers", "2", {"passengers": 2}),
        ("passengers", "nueve", {"passengers": 9}),
        ("passengers", "solo yo", {"passengers": 1}),
        ("passengers", "somos tres", {"passengers": 3}),
        ("cabin", "económica", {"cabin": "economy"}),
        ("cabin", "me da igual", {"cabin": "any"}),
        ("airline", "cualquiera", {"airline": "any"}),
        ("departure_time", "da igual", {"departure_time": "any"}),
        ("passenger_name", "Ana García", {"passenger_name": "Ana García"}),
        ("passenger_name", "me llamo maría de la cruz pérez", {"passenger_name": "María de la Cruz Pérez"}),
        ("passenger_name", "a nombre de Luis Fernández", {"passenger_name": "Luis Fernández"}),
        ("passenger_name", "no quiero", {}),
        ("passenger_name", "viaja Roberto Sosa", {"passenger_name": "Roberto Sosa"}),
        ("passenger_name", "Ana García y mi correo es el de siempre", {"passenger_name": "Ana García"}),
        ("passenger_name", "apellido Etxeberria", {}),
        ("contact_phone", "600 123 456", {"contact_phone": "600 123 456"}),
    ],
)
def test_an_answer_to_what_was_asked(asked: str, text: str, expected: dict) -> None:
    assert told(text, asked=asked).values == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no", {"trip_type": "one_way"}),
        ("no, gracias", {"trip_type": "one_way"}),
        ("solo ida", {"trip_type": "one_way"}),
        ("ida", {"trip_type": "one_way"}),
        ("el domingo", {"return_date": "2026-12-13", "trip_type": "round_trip"}),
        ("una semana después", {"return_date": "2026-12-17", "trip_type": "round_trip"}),
        ("me quedo 5 noches", {"return_date": "2026-12-15", "trip_type": "round_trip"}),
        ("mejor el sábado", {"departure_date": "2026-12-12"}),
        ("quise decir el sábado", {"departure_date": "2026-12-12"}),
        ("cámbialo al sábado", {"departure_date": "2026-12-12"}),
        ("pásalo al sábado", {"departure_date": "2026-12-12"}),
        ("mejor la vuelta el sábado", {"return_date": "2026-12-12", "trip_type": "round_trip"}),
        ("en realidad el sábado", {"return_date": "2026-12-12", "trip_type": "round_trip"}),
    ],
)
def test_an_answer_to_the_question_for_the_return(text: str, expected: dict) -> None:
    assert told(text, asked="return_date", known={"departure_date": "2026-12-10"}).values == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no a Roma, a Milán", {"destination": "MIL"}),
        ("no, a Milán", {"destination": "MIL"}),
        ("Milán en vez de Roma", {"destination": "MIL"}),
        ("a Roma no, a Milán", {"destination": "MIL"}),
        ("perdón, desde Barcelona", {"origin": "BCN"}),
        ("al revés", {"origin": "ROM", "destination": "MAD"}),
        ("no, al revés", {"origin": "ROM", "destination": "MAD"}),
        ("cambie el origen y el destino", {"origin": "ROM", "destination": "MAD"}),
    ],
)
def test_a_place_is_corrected(text: str, expected: dict) -> None:
    assert told(text, known=ROUTE).values == expected


def test_a_later_correction() -> None:
    assert told("mejor Oporto", known={"destination": "ROM"}, asked="origin").values == {"destination": "OPO"}


@pytest.mark.parametrize(
    ("text", "count"),
    [("una persona más", 2), ("mi novio viene conmigo", 2), ("dos personas más", 3), ("seremos cuatro", 4)],
)
def test_more_people_than_before(text: str, count: int) -> None:
    assert told(text, known=KNOWN).values == {"passengers": count}


VOCABULARY = (
    "quiero un vuelo de a desde Madrid Roma el 8 mayo vuelta mañana dos yo mi esposa no en vez primera clase directo "
    "sin escalas con Iberia más barato último opción 2 ? , . ¿ cuánto sí olvídelo cancele K7QX2M García por la tarde"
)
SLOTS = (
    None,
    "origin",
    "departure_date",
    "return_date",
    "passengers",
    "selected_flight",
    "confirm_trip",
    "passenger_name",
)


@settings(max_examples=300, deadline=None)
@given(
    text=st.one_of(st.text(max_size=200), st.lists(st.sampled_from(VOCABULARY.split()), max_size=20).map(" ".join)),
    asked=st.sampled_from(SLOTS),
)
def test_no_text_raises(text: str, asked: str | None) -> None:
    spans = (Span(0, len(text), text, "city"),) if text and text[0].isupper() else ()
    read(text, Context(today=TODAY, known=KNOWN, asked=asked, shown=SHOWN, spans=spans, language="es"))
