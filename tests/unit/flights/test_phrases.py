"""Phrases, dates and money in a language that is nothing but a folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from flights import languages, phrases
from flights.dates import say_date
from flights.describe import say_money
from flights.languages import LanguageError
from flights.phrases import phrase

MARCH, TODAY = date(2027, 3, 5), date(2027, 1, 2)


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The English phrases in a folder of their own, to be made German."""
    caches = (phrases.phrases, phrases._locale, phrases.spoken_date, phrases.spoken_money)
    for code in ("en", "de"):
        (tmp_path / code).mkdir()
        shutil.copy(languages.FOLDER / "en" / "phrases.yml", tmp_path / code)
    monkeypatch.setattr(languages, "FOLDER", tmp_path)
    for each in caches:
        each.cache_clear()
    yield tmp_path / "de" / "phrases.yml"
    for each in caches:
        each.cache_clear()


def put(path: Path, there: str, instead: str) -> None:
    text = path.read_text("utf-8")
    assert there in text
    path.write_text(text.replace(there, instead), "utf-8")


PEOPLE = "people: {one: '1 person', other: '{count} people'}"


@pytest.mark.parametrize(("count", "said"), [(0, "0 Personen"), (1, "eine Person"), (2, "2 Personen")])
def test_the_form_follows_the_number(german: Path, count: int, said: str) -> None:
    put(german, PEOPLE, "people: {one: 'eine Person', other: '{count} Personen'}")
    assert phrase("people", "de", count=count) == said


def test_a_form_that_is_not_there_is_other(german: Path) -> None:
    put(german, PEOPLE, "people: {other: '{count} Pers.'}")
    assert phrase("people", "de", count=1) == "1 Pers."


@pytest.mark.parametrize(
    ("language", "near", "far", "money"),
    [
        ("en", "Friday, March 5", "Friday, March 5, 2027", "$1,234.50"),
        ("de", "Freitag, 5. März", "Freitag, 5. März 2027", "1.234,50 $"),
    ],
)
def test_dates_and_money_in_the_form_of_the_language(german, language: str, near: str, far: str, money: str) -> None:
    assert say_date(MARCH, today=TODAY, locale=language) == near
    assert say_date(MARCH, locale=language) == far
    assert say_money(123450, language=language) == money
    assert say_money(123400, language=language) == money.replace(".50", "").replace(",50", "")


@pytest.mark.parametrize(
    ("there", "instead", "message"),
    [
        ("and: ' and '\n", "", "languages/de/phrases.yml lacks and"),
        ("and: ' and '", "and: ' and '\nund: ' und '", "languages/de/phrases.yml has phrases that nobody says: und"),
        ("'{origin} to {destination}'", "'{von} nach {destination}'", "route: nothing fills von. Known: destination"),
        ("trip: 'Your trip'", "trip: 7", "titles.trip: 7 should be a text"),
    ],
)
def test_a_phrase_that_cannot_be_said_is_told(german: Path, there: str, instead: str, message: str) -> None:
    put(german, there, instead)
    with pytest.raises(LanguageError, match=message):
        phrase("all_airports", "de", place="London")


def test_no_language_is_said_in_english_by_mistake(german: Path) -> None:
    with pytest.raises(ValueError, match="No language 'fr'"):
        phrase("and", "fr")
    with pytest.raises(ValueError, match="No language 'fr'"):
        say_date(MARCH, locale="fr")
