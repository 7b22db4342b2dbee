"""Names and patterns that are certain, as entities."""

from __future__ import annotations

from pathlib import Path

import pytest

from skycap.nlu import gazetteer
from skycap.nlu.gazetteer import KINDS, known_names, remember_names


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("from Berlin to Rome", [("city", "Berlin", "BER"), ("city", "Rome", "ROM")]),
        ("jfk to LAX", [("airport", "jfk", "JFK"), ("airport", "LAX", "LAX")]),
        ("New York to San Francisco", [("city", "New York", "NYC"), ("city", "San Francisco", "SFO")]),
        ("with Lufthansa to Oslo", [("airline", "Lufthansa", "LH"), ("city", "Oslo", "OSL")]),
        ("British Airways", [("airline", "British Airways", "BA")]),
        ("is LH234 on time", [("flight_number", "LH234", "LH234")]),
        ("status of DL 1402", [("flight_number", "DL 1402", "DL1402")]),
        ("BA-117", [("flight_number", "BA-117", "BA117")]),
        ("my reference is K7M2QX", [("booking_reference", "K7M2QX", "K7M2QX")]),
        ("booking code: BCDFGH", [("booking_reference", "BCDFGH", "BCDFGH")]),
        ("K7M2QX", [("booking_reference", "K7M2QX", "K7M2QX")]),
        ("hello, how are you?", []),
        ("two tickets for Friday", []),
        ("", []),
    ],
)
def test_names_are_found(text: str, entities: list[tuple[str, str, str]]) -> None:
    found = [(each["entity"], text[each["start"] : each["end"]], each["value"]) for each in known_names(text, "en")]
    assert found == entities


@pytest.mark.parametrize(
    "text",
    ["from Paris to London Heathrow with Air France AF1680, reference K7M2QX", "Delta DL12 JFK LAX", "東京 to Zürich"],
)
def test_entities_are_in_order_and_do_not_overlap(text: str) -> None:
    found = known_names(text, "en")
    assert found
    assert all(one["end"] <= other["start"] for one, other in zip(found, found[1:], strict=False))
    assert {each["entity"] for each in found} <= set(KINDS)


def test_names_of_sentences_are_kept_from_one_training_to_the_next(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path))
    texts = ["a hop from Varna to Graz", "good evening to you all", "on LH 77 to Bari"]
    remember_names(texts[:2], "de")
    asked = []
    names = gazetteer._names
    monkeypatch.setattr(gazetteer, "_names", lambda text, language: asked.append(text) or names(text, language))
    remember_names(texts, "de")
    assert asked == texts[2:]
    assert [known_names(text, "de") for text in texts] == [names(text, "de") for text in texts]
    assert asked == texts[2:]


def test_other_sources_of_names_are_other_names(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path / "cache"))
    remember_names(["from Varna to Graz today"], "en")
    asked = []
    monkeypatch.setattr(gazetteer, "_names", lambda text, language: asked.append(text) or ())
    (tmp_path / "more.yml").write_text("more: names")
    sources = list(gazetteer._sources())
    monkeypatch.setattr(gazetteer, "_sources", lambda: [*sources, tmp_path / "more.yml"])
    remember_names(["from Varna to Graz today"], "en")
    assert asked == ["from Varna to Graz today"]
