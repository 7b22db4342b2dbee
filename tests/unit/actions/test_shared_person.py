"""Who travels goes into the vault, whole and in parts; so does half a name, whatever the model takes it for."""

from __future__ import annotations

from datetime import date

import pytest

from actions import shared_person
from flights.reading import Context, read
from skycap.vault import Keys, MemoryVault


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> MemoryVault:
    kept = MemoryVault(Keys("A" * 43 + "="), 3600)
    monkeypatch.setattr(shared_person, "vault", lambda: kept)
    return kept


@pytest.mark.parametrize(
    ("asked", "intent", "text", "tokens"),
    [
        ("passenger_name", "inform", "it's Jo Smith-Meier", ["Jo Smith-Meier", "Smith", "Meier"]),
        ("passenger_name", "inform", "Zebulon", ["Zebulon"]),
        ("passenger_name", "stop", "Zebulon", ["Zebulon"]),
        ("passenger_name", "inform", "my name is Zebulon", ["my name is Zebulon"]),
        ("passenger_name", "stop", "stop", []),
        ("passenger_name", "faq", "what about my baggage?", []),
        ("passenger_name", "inform", "[EMAIL:1]", []),
        ("destination", "stop", "Zebulon", []),
        (None, "search_flights", "my name is Ada Lovelace", ["Ada Lovelace", "Ada", "Lovelace"]),
    ],
)
def test_names_are_kept(kept: MemoryVault, asked: str | None, intent: str, text: str, tokens: list[str]) -> None:
    context = Context(today=date(2027, 3, 1), known={}, asked=asked, intent=intent, confidence=0.9)
    reading = read(text, context)
    shared_person.keep_person("one", context, reading, text)
    assert list(kept.known("one").values()) == tokens
    if len(tokens) > 1:
        assert reading.values["passenger_name"] == "[NAME:1]"
