"""A language is added by a folder: French that is English in French quotes is read, and said, without code."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date, datetime, timezone
from pathlib import Path

import pytest

from flights import describe, languages, phrases, schedule, tables
from flights.answers import answer
from flights.reading import Context, read
from flights.schedule import flight_status

TODAY = date(2026, 11, 22)
QUESTION = "which airports, when does it leave and arrive, stops, refundable, bags, which cabin, what does it cost"
QUOTED = re.compile("«[^«»]*»")


@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for code in ("en", "fr"):
        shutil.copytree(languages.FOLDER / "en", tmp_path / code)
    file = tmp_path / "fr" / "phrases.yml"
    file.write_text(re.sub(r"'((?:[^'\n]|'')*)'", r"'«\1»'", file.read_text("utf-8")), "utf-8")
    monkeypatch.setattr(languages, "FOLDER", tmp_path)
    caches = (phrases.phrases, phrases.spoken_date)
    for each in caches:
        each.cache_clear()
    yield
    for each in caches:
        each.cache_clear()


def test_nothing_is_missing(french: None) -> None:
    tables.build("fr")


def test_a_sentence_is_read(french: None) -> None:
    reading = read("from Berlin to Rome on Friday, two people", Context(today=TODAY, intent="inform", language="fr"))
    wanted = {"origin": "BER", "destination": "ROM", "departure_date": "2026-11-27", "passengers": 2}
    assert {slot: reading.values.get(slot) for slot in wanted} == wanted


def english_in(text: str) -> str:
    """The words of a text that are in no phrase: neither quoted nor a name, a number or a day in French."""
    while QUOTED.search(text):
        text = QUOTED.sub("", text)
    return text


def test_everything_is_said(french: None) -> None:
    wish = {"origin": "TOS", "destination": "LHR", "departure_date": date(2026, 11, 27)}
    offer = schedule.search(None, **wish, return_date=date(2026, 12, 4))[0]
    trip = {
        "origin": "TOS",
        "destination": "LON",
        "departure_date": "2026-11-27",
        "trip_type": "one_way",
        "passengers": 2,
    }
    status = flight_status(
        None, offer.legs[0].flight_number, wish["departure_date"], datetime(2026, 11, 26, tzinfo=timezone.utc)
    )
    said = [
        describe.offer_words(offer, 2, language="fr"),
        describe.trip_words(trip, TODAY, language="fr"),
        describe.say_status(status, TODAY, language="fr"),
        answer(QUESTION, offer, 2, language="fr"),
        *(label for label, _ in describe.offer_rows(offer, TODAY, language="fr")),
        *(label for label, _ in describe.trip_rows(trip, TODAY, language="fr")),
    ]
    assert all("«" in each for each in said)
    assert [each for text in said if (each := re.sub(r"[^a-z]", "", english_in(text).casefold()))] == ["us"]  # "$US"
    assert "vendredi 27 novembre" in said[1]
