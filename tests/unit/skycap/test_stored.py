"""What is stored is there for the next training, and costs nothing but time when it is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine import caching

from skycap.stored import Stored, origin


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(caching.CACHE_LOCATION_ENV, str(tmp_path / "cache"))
    monkeypatch.delenv(caching.CACHE_SIZE_ENV, raising=False)
    return tmp_path / "cache"


def test_another_process_finds_what_was_saved():
    Stored("a.db", 10).save({b"1": b"one", b"2": b"two"})
    assert Stored("a.db", 10).load([b"1", b"1", b"3"]) == {b"1": b"one"}
    assert Stored("b.db", 10).load([b"1"]) == {}


def test_those_not_used_for_longest_go_first():
    stored = Stored("a.db", 2)
    stored.save({b"1": b"one", b"2": b"two"})
    stored.save({b"1": b"one"})
    stored.save({b"3": b"three"})
    assert set(stored.load([b"1", b"2", b"3"])) == {b"1", b"3"}


def test_a_broken_file_is_begun_anew(folder: Path, caplog: pytest.LogCaptureFixture):
    folder.mkdir()
    (folder / "a.db").write_bytes(b"no database, " * 100)
    stored = Stored("a.db", 2)
    assert stored.load([b"1"]) == {}
    assert "computed again" in caplog.text
    stored.save({b"1": b"one"})
    assert stored.load([b"1"]) == {b"1": b"one"}


def test_a_folder_that_cannot_be_written_costs_time_alone(folder: Path, caplog: pytest.LogCaptureFixture):
    folder.write_text("a file")
    Stored("a.db", 2).save({b"1": b"one"})
    assert "cannot be written" in caplog.text


def test_without_a_training_cache_nothing_is_stored(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(caching.CACHE_SIZE_ENV, "0")
    stored = Stored("a.db", 2)
    stored.save({b"1": b"one"})
    assert stored.load([b"1"]) == {}
    assert not folder.exists()


def test_it_stands_where_rasa_keeps_its_training_cache(monkeypatch: pytest.MonkeyPatch):
    for _ in range(2):
        assert Stored("a.db", 2)._file().parent == caching.LocalTrainingCache._get_cache_location()
        monkeypatch.delenv(caching.CACHE_LOCATION_ENV, raising=False)


def test_another_source_is_another_origin(tmp_path: Path):
    first, second = tmp_path / "first.py", tmp_path / "second.py"
    first.write_text("A = 1")
    second.write_text("A = 2")
    assert origin((str(first),), ("rasa",)) == origin((str(first),), ("rasa",))
    assert len({origin((str(each),), tuple(of)) for each in (first, second) for of in (["rasa"], ["numpy"])}) == 4
