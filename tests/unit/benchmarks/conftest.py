"""What the tests of the measurements share: a model of keywords, a server of it, a few held-out sentences."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.understanding import parse_server

HELD_OUT = """\
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello out there
    - hello hello
- intent: search_flights
  examples: |
    - fly to [Oslo]{"entity": "city", "role": "destination"}
    - take me to [Rome]{"entity": "city", "role": "destination"}
- intent: out_of_scope
  examples: |
    - sing me a song
"""


def parse(text: str) -> dict[str, Any]:
    """A model that knows two words, is 0.9 sure of them and refuses everything else."""
    ranking = [{"name": "nlu_fallback", "confidence": 0.65}, {"name": "greet", "confidence": 0.5}]
    for word, intent in (("hello", "greet"), ("fly", "search_flights")):
        if word in text:
            ranking = [{"name": intent, "confidence": 0.9}]
    place = text.find("Oslo")
    city = {"entity": "city", "role": "destination", "start": place, "end": place + 4}
    return {"intent": ranking[0], "intent_ranking": ranking, "entities": [city] if place >= 0 else []}


@pytest.fixture
def keyword_model() -> Callable[[str], dict[str, Any]]:
    return parse


@pytest.fixture
def make_server() -> Callable[..., Any]:
    """Makes servers that only parse, with the model of keywords; `asked` lists the settings they were made with."""

    @contextlib.contextmanager
    def make(directory: Path, **settings: str) -> Iterator[SimpleNamespace]:
        assert directory.is_dir()
        make.asked.append(settings)
        with parse_server(parse) as url:
            yield SimpleNamespace(url=url)

    make.asked = []
    return make


@pytest.fixture
def held_out(tmp_path: Path) -> Path:
    """A folder with five held-out sentences."""
    directory = tmp_path / "held_out"
    directory.mkdir()
    (directory / "some.yml").write_text(HELD_OUT)
    return directory
