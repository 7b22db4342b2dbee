"""What replies call a place: "Berlin (BER)", in German "Mailand (MIL)" where `languages/de/places.yml` says so.

Place in the flow: flights/describe.py and the actions ask it; what a language has no name for keeps its English one.
"""

from __future__ import annotations

from functools import lru_cache

from flights.languages import DEFAULT
from flights.phrases import country, phrase
from flights.places.gazetteer import Airport, Place, gazetteer
from flights.places.words import PlaceWords, by_language

_NONE = PlaceWords()


def _local(language: str) -> PlaceWords:
    return by_language().get(language, _NONE)


def place_name(place: Place, language: str = DEFAULT) -> str:
    """ "Berlin": the name alone."""
    return _local(language).names.get(place.code, place.name)


def airport_name(airport: Airport, language: str = DEFAULT) -> str:
    """ "Zurich Airport": the name in full."""
    return _local(language).airports.get(airport.code, airport.name)


@lru_cache(maxsize=8192)
def place_label(code: str, language: str = DEFAULT) -> str:
    """ "Berlin (BER)", "Portland, Oregon (PDX)", "New York (all airports)"."""
    place = gazetteer().places[code]
    name = place_name(place, language)
    if place.qualifier and name == place.name:  # a name of the language tells the place from its namesakes
        name = f"{name}, {area_name(place.qualifier, language)}"
    return phrase("all_airports", language, place=name) if len(place.airports) > 1 else f"{name} ({code})"


@lru_cache(maxsize=1)
def _codes_of_countries() -> dict[str, str]:
    return {name: code for code, name in gazetteer().countries.items()}


def area_name(name: str, language: str = DEFAULT) -> str:
    """A country or region by its English name: in German "Italien" for "Italy"."""
    code = _codes_of_countries().get(name)
    if language == DEFAULT or code is None:
        return name
    return _local(language).countries.get(code) or country(code, language) or name
