"""All tables of a language, built and checked: what its words are read with, and what is said in it.

Place in the flow: the server builds them before the first traveller comes; the tests build them to find what a language
lacks. Nothing is built twice.
"""

from __future__ import annotations

import re
from dataclasses import fields

from flights import dates
from flights.answers import Questions
from flights.languages import LanguageError, codes, load
from flights.people import find_passengers
from flights.phrases import phrases
from flights.places.words import PlaceWords
from flights.reading.words import Words, pattern
from flights.times import find_times

PLACEHOLDERS = ("@ordinal", "@count")  # filled in where they are used


def build(code: str) -> None:
    """Build everything of a language. Raises LanguageError naming the file that is missing or wrong."""
    builders = {
        "dates": lambda: dates.warm(code),
        "times": lambda: find_times("", locale=code),
        "people": lambda: find_passengers("", locale=code),
        "reading": lambda: _compile(load(code, "reading", Words), f"languages/{code}/reading.yml"),
        "answers": lambda: _compile(load(code, "answers", Questions), f"languages/{code}/answers.yml"),
        "phrases": lambda: phrases(code),
        "places": lambda: load(code, "places", PlaceWords),
    }
    for name, builder in builders.items():
        try:
            builder()
        except re.error as error:
            raise LanguageError(f"languages/{code}/{name}.yml: {error} in {error.pattern!r}.") from error


def warm() -> None:
    """Build what there is of every language; what is not finished is told when it is asked for."""
    for code in codes():
        try:
            build(code)
        except LanguageError:
            continue


def _compile(table: Words | Questions, where: str) -> None:
    """Compile the expressions that are searched for as they stand."""
    for each in fields(table):
        value = getattr(table, each.name)
        if value == "":
            raise LanguageError(
                f"{where}, {each.name}: an empty expression is found everywhere. For none write '(?!)'."
            )
        if isinstance(value, str) and not any(mark in value for mark in PLACEHOLDERS):
            pattern(value)
