"""Whether each language of config.yml has all that it needs: sentences, words, and every reply of domain.yml.

Reads data/nlu/<code> and languages/<code>. A reply must not only be there: what is filled in ({city}) and the buttons
must be those of the English one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from flights import tables
from flights.languages import LanguageError, load
from flights.languages import codes as codes_with_words
from skycap import page
from skycap.data import LANGUAGE, languages, replies_of
from skycap.languages import Words
from skycap.validate.findings import Finding

FILLED_IN = re.compile(r"\{(\w+)\}")
Wordings = Sequence[Mapping[str, Any]]


def check_translations(root: Path, config: Mapping[str, Any], responses: Mapping[str, Wordings]) -> list[Finding]:
    """Everything found for the languages of `config`; `responses` are the domain's, by name."""
    english = {
        name: [each for each in wordings if LANGUAGE not in _slots(each)] for name, wordings in responses.items()
    }
    default, *others = languages(config)
    found = [finding for code in others for finding in _language(root, code, english)]
    if not others:
        return found
    for folder in sorted((root / "data" / "nlu").iterdir()):
        if folder.is_dir() and folder.name not in (default, *others):
            what = f"config.yml has no pipeline for {folder.name!r}, so nobody learns these sentences."
            found.append(Finding(f"data/nlu/{folder.name}", what, "Copy a language's block in config.yml."))
    return found


def check_words(codes: Iterable[str]) -> list[Finding]:
    """What keeps the words of these languages from being read; of a language, of each sort the first."""
    found = []
    for code in sorted({*codes} & {*codes_with_words()}):
        for build in (tables.build, lambda each: load(each, "detection", Words), page.words):
            try:
                build(code)
            except LanguageError as error:
                what = " ".join(str(error).split())
                found.append(Finding(f"languages/{code}", what, "Until then nobody can speak it."))
    return found


def _language(root: Path, code: str, english: Mapping[str, Wordings]) -> Iterator[Finding]:
    if not any((root / "data" / "nlu" / code).glob("*.yml")):
        what = f"The language {code!r} has a pipeline and no sentences."
        yield Finding("config.yml", what, f"Write data/nlu/{code}, or remove the pipeline.")
    folder = root / "languages" / code
    if not folder.is_dir():
        what = f"The language {code!r} has a pipeline and no words or replies."
        yield Finding("config.yml", what, f"Write languages/{code}, or remove the pipeline.")
        return
    places: dict[str, str] = {}
    for path in sorted(folder.glob("replies_*.yml")):
        file = path.relative_to(root).as_posix()
        for name, wordings in replies_of(path).items():
            if name in places:
                yield Finding(file, f"{name} stands in {places[name]} too.", "Remove one.")
            elif name not in english:
                yield Finding(file, f"{name} is no reply of domain.yml.", "Correct its name, or remove it.")
            else:
                yield from _compared(file, name, wordings or (), english[name])
            places[name] = file
    file = f"languages/{code}/replies_….yml"
    for name in english:  # in the order of domain.yml, so that the file of the one before is where the next belongs
        if name not in places:
            yield Finding(file, f"{name} is not translated.", f"Say it as in domain.yml, in {code!r}.")
        file = places.get(name, file)


def _compared(file: str, name: str, wordings: Wordings, english: Wordings) -> Iterator[Finding]:
    ours, theirs = _filled_in(wordings), _filled_in(english)
    for each in sorted(theirs - ours):
        yield Finding(file, f"{name} does not say {{{each}}}, which the English reply says.", "Say it too.")
    for each in sorted(ours - theirs):
        yield Finding(file, f"{name} says {{{each}}}, which the English reply does not have.", "Remove or correct it.")
    if (count := _buttons(wordings)) != (expected := _buttons(english)):
        yield Finding(file, f"{name} has {count} buttons, the English reply {expected}.", "Make them the same.")


def _filled_in(wordings: Wordings) -> set[str]:
    texts = [text for each in wordings for text in (each.get("text") or "", *_titles(each))]
    return {name for text in texts for name in FILLED_IN.findall(text)}


def _titles(wording: Mapping[str, Any]) -> list[str]:
    return [button.get("title") or "" for button in wording.get("buttons") or ()]


def _buttons(wordings: Wordings) -> int:
    return max((len(_titles(each)) for each in wordings), default=0)


def _slots(wording: Mapping[str, Any]) -> set[str]:
    return {each["name"] for each in wording.get("condition") or ()}
