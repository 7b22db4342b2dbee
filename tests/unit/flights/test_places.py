"""Names of places in other languages: understood at once with the English ones, and said in their own language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flights.airports import airport, find, place, scan
from flights.places import gazetteer, names
from flights.places.gazetteer import Gazetteer
from flights.places.words import PlaceWords, around

GERMAN = PlaceWords(
    names={"MIL": "Mailänden", "LON": "Paris", "FRA": "Mainstadt"},
    airports={"ZRH": "Flughafen Zürich"},
    country_names={"Welschland": "IT"},
)


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gazetteer]:
    """A gazetteer that knows these names."""
    monkeypatch.setattr(gazetteer, "by_language", lambda: {"de": GERMAN})
    monkeypatch.setattr(names, "by_language", lambda: {"de": GERMAN})
    names.place_label.cache_clear()
    yield Gazetteer()
    names.place_label.cache_clear()


def test_names_are_understood_unless_they_are_taken(local: Gazetteer) -> None:
    assert local.aliases["mailanden"] == local.aliases["mailaenden"] == ("MIL",)
    assert local.aliases.get("paris") != ("LON",)
    assert [area.name for key in ("welschland", "frankreich") for area in local.areas[key]] == ["Italy", "France"]


def test_names_are_said_in_their_language_alone(local: Gazetteer) -> None:
    assert [names.place_label("FRA", code) for code in ("de", "en")] == ["Mainstadt (FRA)", "Frankfurt (FRA)"]
    assert names.place_label("MXP", "de") == "Milan Malpensa (MXP)"
    assert [names.place_name(place("MIL"), code) for code in ("de", "en")] == ["Mailänden", "Milan"]
    assert names.airport_name(airport("ZRH"), "de") == "Flughafen Zürich"
    assert [names.area_name("Italy", code) for code in ("de", "en")] == ["Italien", "Italy"]


def test_a_code_nobody_knows_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gazetteer, "by_language", lambda: {"de": PlaceWords(names={"QQQ": "Nirgends"})})
    with pytest.raises(ValueError, match="languages/de/places.yml: no place has the code 'QQQ'"):
        Gazetteer()


@pytest.mark.parametrize(("text", "code"), [("nach Berlin", "BER"), ("flughafen Lissabon bitte", "LIS")])
def test_words_around_places_are_read_in_every_language(text: str, code: str) -> None:
    assert {"nach", "desde", "from"} <= around().to_from
    assert find(text).places[0].code == code


def test_a_word_may_be_a_preposition_in_one_language_alone() -> None:
    assert [scan("a Italia", language=code) != () for code in ("es", "en", None)] == [True, False, False]
    assert scan("quiero ir a Italia")


def test_a_code_behind_a_code_is_one_though_it_is_a_word_elsewhere() -> None:
    assert [each.match.places[0].code for each in scan("need flt iah-den thurs am")] == ["IAH", "DEN"]
    assert [each.match.places[0].code for each in scan("von fra in den norden")] == ["FRA"]
