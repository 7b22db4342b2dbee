"""The words that announce personal data, or a journey's own numbers: those of all languages at once.

Level 0, read once at import by the detectors beside it. Files: `languages/<code>/privacy.yml`, and
`languages/privacy.yml` for languages that are not spoken here. Which language a text is in does not matter: a word of
any counts. A file that is missing or wrong stops the program, so that nothing stays unmasked for want of a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path

import yaml

FOLDER = Path(__file__).parents[2] / "languages"
FILE = "privacy.yml"


class WordsError(ValueError):
    """A file of words is missing or wrong; the message says which, and what to do."""


@dataclass(frozen=True)
class Words:
    """Regular expressions for any of the words of a sort; a sort without words matches nothing."""

    months: str  # how names of months begin
    ordinals: str  # days in words
    day_endings: str  # behind a day in digits
    of: str  # between day, month and year
    birth: str  # before a date of birth
    birthday: str  # before one that has a year
    birth_after: str  # behind one
    between: str  # what may stand between such a word and the date
    is_: str
    my: str
    and_: str
    passport: str
    ssn: str
    bank_account: str
    national_id: str
    phone: str
    travel: str  # what is no personal number
    card: str
    security_code: str
    papers: str  # what has a number of its own right behind it, with `number` between
    number: str
    aboard: str  # gates, seats, rows
    money: str
    between_numbers: str  # "0900 to 1700", "349.00 or 359.00"
    hours: str
    chapters: str  # four numbers behind them are no IP address
    street_ends: str  # of a word; the number of the house stands behind
    street_heads: str  # a name and the number stand behind
    street_tails: str  # the number and a name stand before
    not_streets: str  # words that have such an end and are none
    not_in_streets: str  # words that are no part of a name
    postcodes: str
    at_signs: str  # "@" in words
    dots: str
    dashes: str
    said_of_shops: str  # before "at skyscanner dot net"
    before_a_verb: str


def read(folder: Path = FOLDER) -> Words:
    """The words of all languages. Raises WordsError naming the file and the key."""
    folders = sorted(each for each in folder.iterdir() if each.is_dir())
    if not folders:
        raise WordsError(f"There is no language in {folder.name}.")
    lists = [_lists(each / FILE) for each in (*folders, folder)]
    return Words(**{name: _any(one for each in lists for one in each[key]) for name, key in _keys().items()})


def _keys() -> dict[str, str]:
    """The key in the files by the name of its field."""
    return {each.name: each.name.rstrip("_") for each in fields(Words)}


def _lists(path: Path) -> dict[str, list[str]]:
    where = f"{path.parent.name}/{path.name}"
    if not path.is_file():
        raise WordsError(f"There is no {where}. Copy languages/en/{FILE} and translate it.")
    try:
        content = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)  # every word stays a text
    except yaml.YAMLError as error:
        raise WordsError(f"{where} is no YAML: {error}") from error
    keys = _keys().values()
    if not isinstance(content, dict) or (missing := [key for key in keys if key not in content]):
        raise WordsError(f"{where} lacks {', '.join(missing if isinstance(content, dict) else keys)}.")
    for key, words in content.items():
        if key not in keys:
            near = get_close_matches(str(key), keys, n=1)
            raise WordsError(f"{where} has an unknown key {key!r}. {f'Did you mean {near[0]!r}?' if near else ''}")
        if not isinstance(words, list):
            raise WordsError(f"{where}, {key}: write a list, [] where there is none.")
        for word in words:
            _check(word, f"{where}, {key}")
    return content


def _check(word: object, where: str) -> None:
    try:
        matches_nothing = re.compile(str(word)).fullmatch("")
    except re.error as error:
        raise WordsError(f"{where}: {word!r} is no regular expression: {error}") from error
    if not isinstance(word, str) or matches_nothing:
        raise WordsError(f"{where}: {word!r} should be a regular expression that matches a word.")
    letters = re.sub(r"\\.", "", word)
    if letters != letters.lower():  # texts are partly looked at in lower case
        raise WordsError(f"{where}: write {word!r} in lower case.")


def _any(words: object) -> str:
    """One expression for all of them; each word once."""
    return f"(?:{'|'.join(dict.fromkeys(words)) or '(?!)'})"


WORDS = read()
