"""The words around places, and the names of places, in every language there is: the shape of `places.yml`.

First step of understanding where: a sentence is read with the words of all languages at once, since names of places
cross languages. `gazetteer` takes the names, `sentence`, `mentions`, `lookup` and flights/airlines.py the words.
`languages/en/places.yml` says what each key is for.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cached_property, lru_cache

from flights.languages import codes, file_of, load

FILE = "places"
WordSet = frozenset[str]


@dataclass(frozen=True)
class PlaceWords:
    """Names and words of one language, or of all. Words are folded as in `text.py`."""

    names: dict[str, str] = field(default_factory=dict)  # code: name
    also: dict[str, str] = field(default_factory=dict)  # name: code
    airports: dict[str, str] = field(default_factory=dict)  # code: name in full
    countries: dict[str, str] = field(default_factory=dict)  # ISO code: name
    country_names: dict[str, str] = field(default_factory=dict)  # name: ISO code
    short_directions: WordSet = frozenset()
    directions: WordSet = frozenset()
    near: WordSet = frozenset()
    vaguely_near: WordSet = frozenset()
    only_here: WordSet = frozenset()
    signs: WordSet = frozenset()
    joins: WordSet = frozenset()
    joins_airlines: WordSet = frozenset()
    articles: WordSet = frozenset()
    persons: WordSet = frozenset()
    name_words: WordSet = frozenset()
    leading: WordSet = frozenset()
    trailing: WordSet = frozenset()
    airport: WordSet = frozenset()
    region_words: WordSet = frozenset()
    going_on: WordSet = frozenset()
    dates: WordSet = frozenset()
    airline: WordSet = frozenset()
    before_airline: WordSet = frozenset()
    before_airline_name: WordSet = frozenset()  # not before a code: "de Copa", but "de LA" is Los Angeles
    after_airline: WordSet = frozenset()
    after_no_airline: WordSet = frozenset()
    being: WordSet = frozenset()

    @cached_property
    def to_from(self) -> WordSet:
        """Before the end of a journey."""
        return self.short_directions | self.directions

    @cached_property
    def clearly_near(self) -> WordSet:
        """Before a place."""
        return self.to_from | self.near

    @cached_property
    def before_place(self) -> WordSet:
        """Before a place or something else."""
        return self.clearly_near | self.vaguely_near


@lru_cache(maxsize=1)
def by_language() -> dict[str, PlaceWords]:
    """The words of each language that has them."""
    return {code: load(code, FILE, PlaceWords) for code in codes() if file_of(code, FILE).is_file()}


@lru_cache(maxsize=1)
def around() -> PlaceWords:
    """The words of all languages together."""
    every = by_language().values()
    sets = [each.name for each in fields(PlaceWords) if each.name in vars(PlaceWords) and each.default == frozenset()]
    return PlaceWords(**{name: frozenset().union(*(getattr(each, name) for each in every)) for name in sets})


def only_here(keys: list[str], language: str | None = None) -> WordSet:
    """Words that are prepositions in a sentence of these words: "a" where "quiero" or "vuelo" says it is Spanish.

    So are those of the `language` the sentence is in, where it is known.
    """
    words = by_language().items()
    found = [each.only_here for code, each in words if each.only_here and (code == language or each.signs & {*keys})]
    return frozenset().union(*found)
