"""How many people fly, in Spanish: what is said, the number, and (adults, children, infants) when told apart."""

import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from flights.people import find_passengers

MAX_SECONDS = 0.1
SAID = [
    ("somos dos", 2, None),
    ("seremos 4", 4, None),
    ("vamos cinco", 5, None),
    ("viajaremos tres", 3, None),
    ("para dos", 2, None),
    ("para 2 personas", 2, None),
    ("dos billetes", 2, None),
    ("3 boletos", 3, None),
    ("2 pasajes de ida y vuelta", 2, None),
    ("quince personas", 15, None),
    ("nosotros dos", 2, None),
    ("ambos", 2, None),
    ("somos una pareja", 2, None),
    ("un grupo de ocho", 8, None),
    ("familia de cuatro", 4, None),
    ("un par de billetes", 2, None),
    ("mi esposa y yo", 2, None),
    ("mi mujer y yo", 2, None),
    ("con mi mujer", 2, None),
    ("viajo con mi novio", 2, None),
    ("para mí y mi esposa", 2, None),
    ("mis padres y yo", 3, None),
    ("yo y tres amigos", 4, None),
    ("mi hermano, su mujer y yo", 3, None),
    ("mi marido, mi hijo y yo", 3, (2, 1, 0)),
    ("mis dos hijos y yo", 3, (1, 2, 0)),
    ("mi bebé y yo", 2, (1, 0, 1)),
    ("dos adultos y un niño", 3, (2, 1, 0)),
    ("dos adultos y un nino", 3, (2, 1, 0)),
    ("2 adultos, 1 niño y 1 bebé", 4, (2, 1, 1)),
    ("vamos dos adultos y una niña de 5 años", 3, (2, 1, 0)),
    ("dos adultos y dos niños pequeños y un bebe", 5, (2, 2, 1)),
    ("un adulto", 1, (1, 0, 0)),
    ("solo yo", 1, None),
    ("sólo yo", 1, None),
    ("nada más yo", 1, None),
    ("viajo sola", 1, None),
    ("voy solo", 1, None),
    ("una persona", 1, None),
]
NOT_SAID = [
    "un billete", "necesito un billete a Roma", "un vuelo a Roma", "solo ida", "viajo solo de ida", "dos maletas",
    "para dos semanas", "para 3 noches", "para el 3", "una pregunta", "de nada", "a ver", "para nada", "a las dos",
    "con dos escalas", "quiero hablar con una persona", "yo vivo en Madrid", "mi nombre es Ana", "mis hijos y yo",
    "voy a visitar a mi madre", "mi madre vive en Roma", "el apellido de mi mujer", "para 300 euros", "una vez",
]  # fmt: skip


@pytest.mark.parametrize(("text", "count", "sorts"), SAID)
def test_passengers(text, count, sorts):
    mention = find_passengers(text, locale="es")
    assert mention is not None
    assert mention.count == count
    assert (mention.adults, mention.children, mention.infants) == (sorts or (None, None, None))
    assert text[mention.start : mention.end] == mention.text


@pytest.mark.parametrize("text", NOT_SAID)
def test_nobody_is_counted(text):
    assert find_passengers(text, locale="es") is None


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("2", 2),
        ("dos", 2),
        ("una", 1),
        ("yo", 1),
        ("sola", 1),
        ("yo solo, gracias", 1),
        ("los dos", 2),
        ("tres por favor", 3),
        ("cuatro en total", 4),
        ("cero", 0),
    ],
)
def test_an_answer_to_the_question_for_the_number(text, count):
    mention = find_passengers(text, asked=True, locale="es")
    assert mention is not None
    assert mention.count == count


@pytest.mark.parametrize("text", ["opción 2", "la 2", "el 8 de marzo", "dos o tres", "2 escalas", "a las 3"])
def test_other_numbers_are_no_answer(text):
    assert find_passengers(text, asked=True, locale="es") is None


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("mi novio viene conmigo", 1),
        ("mi hermana también viene", 1),
        ("mi novio me acompaña", 1),
        ("una persona más", 1),
        ("otra persona", 1),
        ("dos personas más", 2),
        ("agregue a mi hermano", 1),
        ("añada un pasajero más", 1),
        ("uno más", 1),
        ("mi hermana no puede venir", -1),
        ("una persona menos", -1),
    ],
)
def test_people_on_top_of_those_known(text, count):
    mention = find_passengers(text, locale="es")
    assert mention is not None
    assert (mention.count, mention.added) == (count, True)


VOCABULARY = (
    "yo mi mis y con somos para dos 2 un una adulto adultos niño niños bebé mujer hijos amigos personas más menos "
    "persona solo sola pareja grupo de billetes , + vamos viajo 99999 pm : días que viene conmigo"
)
WORDS = st.sampled_from(VOCABULARY.split())


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=25).map(" ".join)), asked=st.booleans())
@example(text="mi mujer y " * 500, asked=True)
@example(text="2 más " * 500, asked=False)
def test_no_text_raises_or_takes_long(text, asked):
    find_passengers("somos dos", locale="es")  # compile first
    began = time.thread_time()
    mention = find_passengers(text, asked=asked, locale="es")
    assert time.thread_time() - began < MAX_SECONDS
    if mention:
        assert text[mention.start : mention.end] == mention.text
        assert mention.adults is None or mention.adults + mention.children + mention.infants == mention.count
