"""Times of day in Spanish: what is said, then what is understood as `earliest-latest [exact] [part]`."""

import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from flights.times import find_times

MAX_SECONDS = 0.1
SAID = [
    ("a las 14:30", "14:30-14:30 exact"),
    ("a las 14.30", "14:30-14:30 exact"),
    ("18:00 hs", "18:00-18:00 exact"),
    ("a las 20 horas", "20:00-20:00 exact"),
    ("1430 horas", "14:30-14:30 exact"),
    ("8 a. m.", "08:00-08:00 exact"),
    ("10 pm", "22:00-22:00 exact"),
    ("a las 8 en punto", "08:00-08:00 exact"),
    ("a las dos", "14:00-14:00 exact"),
    ("a la una y media", "13:30-13:30 exact"),
    ("a las 2 de la tarde", "14:00-14:00 exact"),
    ("7 de la tarde", "19:00-19:00 exact"),
    ("a las 5 de la mañana", "05:00-05:00 exact"),
    ("a las 3 de la madrugada", "03:00-03:00 exact"),
    ("a las 9 de la noche", "21:00-21:00 exact"),
    ("a las siete y media", "07:30-07:30 exact"),
    ("siete menos cuarto", "06:45-06:45 exact"),
    ("a las siete y cuarto de la tarde", "19:15-19:15 exact"),
    ("a las ocho y diez", "08:10-08:10 exact"),
    ("cuarto para las ocho de la noche", "19:45-19:45 exact"),
    ("diez para las nueve", "08:50-08:50 exact"),
    ("a las veinte treinta", "20:30-20:30 exact"),
    ("a las veintidós horas", "22:00-22:00 exact"),
    ("a medianoche", "00:00-00:00 exact"),
    ("a las doce de la noche", "00:00-00:00 exact"),
    ("a las 12 del mediodía", "12:00-12:00 exact"),
    ("a las 12 de la mañana", "12:00-12:00 exact"),
    ("al mediodía", "11:00-13:59 midday"),
    ("antes del mediodía", "-12:00 morning"),
    ("por la mañana", "05:00-11:59 morning"),
    ("en la manana", "05:00-11:59 morning"),
    ("mañana por la mañana", "05:00-11:59 morning"),
    ("temprano", "05:00-08:59 early_morning"),
    ("a primera hora", "05:00-08:59 early_morning"),
    ("a media mañana", "10:00-11:59 late_morning"),
    ("por la tarde", "12:00-19:59 afternoon"),
    ("a última hora de la tarde", "17:00-19:59 early_evening"),
    ("en la noche", "20:00-23:59 night"),
    ("esta noche a las 9", "21:00-21:00 exact night"),
    ("de madrugada", "00:00-05:59 small_hours"),
    ("un vuelo nocturno", "21:00-05:59 overnight"),
    ("después de comer", "14:00- afternoon"),
    ("despues de almorzar", "14:00- afternoon"),
    ("antes de cenar", "-20:00 evening"),
    ("antes de las 12", "-12:00"),
    ("hasta las 20:00", "-20:00"),
    ("a partir de las 18", "18:00-"),
    ("desde las 10", "10:00-"),
    ("después de las 5 de la tarde", "17:00-"),
    ("a las 18 en adelante", "18:00-"),
    ("entre las 8 y las 10", "08:00-10:00"),
    ("entre las 8 y las 10 de la noche", "20:00-22:00"),
    ("de 10 de la mañana a 2 de la tarde", "10:00-14:00"),
    ("sobre las 10", "09:00-11:00"),
    ("a eso de las 7", "06:00-08:00"),
    ("hacia las 18:30", "17:30-19:30"),
    ("el viernes por la tarde a las 5", "17:00-17:00 exact afternoon"),
    ("el 8 de marzo a las 9", "09:00-09:00 exact"),
    ("la de las 18:40", "18:40-18:40 exact"),
]
NOT_SAID = [
    "mañana", "buenos días", "buenas tardes", "Buenas noches, un vuelo a Roma", "una noche", "dos noches", "más tarde",
    "el más temprano", "que no sea muy temprano", "no quiero salir de madrugada",
    "dos maletas", "las dos personas", "la opción 2", "la 1", "8 de marzo", "del 8 al 10 de marzo",
    "de 8 a 10 de marzo", "llegar antes de las 9", "quiero llegar a Roma el lunes a las 9", "12.50 euros",
    "por 300 euros", "un vuelo de 2 horas", "menos de 3 horas", "entre 2 y 3 personas", "24/7", "a cualquier hora",
]  # fmt: skip


def in_words(mention) -> str:
    window = f"{mention.earliest or ''}-{mention.latest or ''}"
    return " ".join(word for word in (window, "exact" if mention.exact else "", mention.part) if word)


@pytest.mark.parametrize(("text", "expected"), SAID)
def test_time(text, expected):
    mentions = find_times(text, locale="es")
    assert " ; ".join(in_words(one) for one in mentions) == expected
    assert all(text[one.start : one.end] == one.text for one in mentions)


@pytest.mark.parametrize("text", NOT_SAID)
def test_no_time(text):
    assert find_times(text, locale="es") == ()


VOCABULARY = (
    "a las la de 7 7:30 12 24 1800 horas h am pm mañana tarde noche mediodía y media cuarto menos para diez siete una "
    "entre antes después sobre hasta desde 8 marzo - : . , llegar en adelante 5 € euros por madrugada temprano punto"
)
WORDS = st.sampled_from(VOCABULARY.split())


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=25).map(" ".join)))
@example(text="llegar a " + "a " * 2000 + "las 9")
@example(text="7-" * 2000)
def test_no_text_raises_or_takes_long(text):
    find_times("a las 7", locale="es")  # compile first
    began = time.thread_time()
    mentions = find_times(text, locale="es")
    assert time.thread_time() - began < MAX_SECONDS
    assert all(text[one.start : one.end] == one.text for one in mentions)
