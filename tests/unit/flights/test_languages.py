"""A table becomes a dataclass, and what is wrong with it is told by file and key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from flights import languages
from flights.languages import LanguageError, code_of, codes, load, read


@dataclass(frozen=True)
class Table:
    after: str
    no: str
    words: dict[str, int]
    parts: dict[str, tuple[str, str | None]]
    rules: tuple[tuple[str, str], ...]
    long: frozenset[str]
    first: bool = False


GOOD = """
fragments:
  month: '(?:<<short>>)[a-z]*'
  short: 'jan|feb'
after: '\\bafter <<month>>'
no: no
words: {on: 1, off: -1}
parts: {noon: [midday, 12:00], later: [evening, null]}
rules:
  - word: '<<month>>'
  - [iso, '\\d+']
long: [january, february]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "xx" / "dates.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_fields_are_filled_by_name(tmp_path: Path) -> None:
    assert read(written(tmp_path, GOOD), Table) == Table(
        after=r"\bafter (?:jan|feb)[a-z]*",
        no="no",
        words={"on": 1, "off": -1},
        parts={"noon": ("midday", "12:00"), "later": ("evening", None)},
        rules=(("word", "(?:jan|feb)[a-z]*"), ("iso", r"\d+")),
        long=frozenset({"january", "february"}),
    )


@pytest.mark.parametrize(
    ("there", "instead", "message"),
    [
        ("after:", "aftr:", "xx/dates.yml has an unknown key 'aftr'. Did you mean 'after'"),
        ("no: no", "first: true", "xx/dates.yml lacks no. See languages/en/dates.yml"),
        ("<<month>>'\nno", "<<mnth>>'\nno", "xx/dates.yml, after: no fragment is called 'mnth'. Known: month, short"),
        ("'jan|feb'", "'<<month>>'", "xx/dates.yml, fragments: month, short holds itself"),
        ("off: -1", "off: none", "xx/dates.yml, words, off: 'none' should be a whole number"),
        ("[iso, '\\d+']", "[iso]", r"xx/dates.yml, rules\[1\]: \['iso'\] should be a list of 2"),
        ("[january, february]", "january", "xx/dates.yml, long: 'january' should be a list"),
        ("[january, february]", "[january", "xx/dates.yml is no YAML"),
    ],
)
def test_what_is_wrong_is_told_by_file_and_key(tmp_path: Path, there: str, instead: str, message: str) -> None:
    assert there in GOOD
    with pytest.raises(LanguageError, match=message):
        read(written(tmp_path, GOOD.replace(there, instead)), Table)


def test_a_missing_file_says_what_to_copy(tmp_path: Path) -> None:
    with pytest.raises(LanguageError, match=r"no languages/xx/times.yml. Copy languages/en/times.yml"):
        read(tmp_path / "xx" / "times.yml", Table)


def test_languages_are_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert {"de", "en", "es"} <= set(codes())
    assert code_of("en_GB") == "en"
    monkeypatch.setattr(languages, "FOLDER", tmp_path)
    written(tmp_path, GOOD)
    assert codes() == ("xx",)
    with pytest.raises(ValueError, match="No language 'fr': there is no folder languages/fr. Known: xx"):
        load("fr", "dates", Table)
