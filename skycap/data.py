"""What the assistant is trained on, in all its languages: the importer that config.yml names.

Reads the training data as Rasa's own importer does, and marks each sentence with the language of the folder it stands
in: `data/nlu/<code>/…`, `data/calibration/<code>_….yml`. Adds the replies of `languages/<code>/replies_*.yml`, beside
the domain, to those of domain.yml as conditional variations, which plain Rasa picks too.
"""

from __future__ import annotations

import copy
import json
import re
import warnings
from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from rasa.shared.constants import UTTER_PREFIX
from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import ENTITIES, METADATA
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method
from ruamel.yaml import YAML

from skycap.stored import Stored, origin

LANGUAGE = "language"  # a key of a sentence's metadata, of a message's metadata, and the slot of the replies' language
FOLDER = re.compile(r"/(?:nlu/([a-z]{2,3})/|calibration/([a-z]{2,3})_[^/]*$)")
PARTS = ("entity_synonyms", "regex_features", "lookup_tables", "responses")  # of the training data, beside sentences
_stored = Stored("sentences.db", 1_000)  # files


class LanguageImporter(RasaFileImporter):
    """Rasa's importer of files, for several languages."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        return TrainingData().merge(*self._read(language))  # copies

    @cached_method
    def get_domain(self) -> Domain:
        domain = super().get_domain()
        if not self._domain_path:
            return domain
        folder = Path(self._domain_path).parent / "languages"
        written = copy.deepcopy(domain.as_dict())
        for code in languages(self.get_config())[1:]:
            for name, variations in replies(folder / code).items():
                if name in written.get("responses", {}):
                    written["responses"][name] += [_only_in(code, each) for each in variations]
        # Rasa adds these in the order of a set, another one in each process, and then trains all policies again
        answered = sorted({f"{UTTER_PREFIX}{intent}" for each in self._read() for intent in each.retrieval_intents})
        written["actions"] = list(dict.fromkeys([*written.get("actions", ()), *answered]))
        return Domain.from_dict(written)

    def _read(self, language: str | None = "en") -> list[TrainingData]:
        return _read(tuple((each, Path(each).stat().st_mtime_ns) for each in self._nlu_files), language)


class Sentence(Message):
    """A message that is quickly copied, and keeps its fingerprint: Rasa copies and compares all of them ten times."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Sentence:
        copied = Sentence(self.data, set(self.output_properties), self.time, list(self.features))
        if ENTITIES in self.data:
            copied.data[ENTITIES] = [dict(each) for each in self.data[ENTITIES]]
        copied._cached_fingerprint = self._cached_fingerprint
        return copied

    def set(self, prop: str, info: Any, add_to_output: bool = False) -> None:
        if add_to_output or not isinstance(info, str) or self.data.get(prop) != info:
            super().set(prop, info, add_to_output)


@lru_cache(maxsize=10)
def _read(files: tuple[tuple[str, int], ...], language: str | None) -> list[TrainingData]:
    """What the files, each with the time of its change, say; a training asks four times."""
    by = origin((__file__,), ("rasa",)) + str(language).encode()
    keys = {file: by + blake2b(Path(file).read_bytes()).digest() for file, _ in files}
    stored = _stored.load(keys.values())
    texts = {key: stored.get(key) or _checked(file, language) for file, key in keys.items()}
    _stored.save({key: text for key, text in texts.items() if text})
    return [_sentences(file, texts[key], language) for file, key in keys.items()]


def _checked(file: str, language: str | None) -> bytes | None:
    """What a file says, as JSON; None when Rasa warns of something in it, so that it does so every time."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        for each in ({"category": DeprecationWarning}, {"message": "pkg_resources"}):  # of what the reading imports
            warnings.filterwarnings("ignore", **each)
        data = load_data(file, language)
    parts = {name: getattr(data, name) for name in PARTS}
    parts["training_examples"] = [each.data for each in data.training_examples]
    text = json.dumps(parts, default=str)
    return None if warned or json.loads(text) != parts else text.encode()


def _sentences(file: str, text: bytes | None, language: str | None) -> TrainingData:
    """What a file says, each sentence marked with the language of its folder."""
    if text is None:
        parts = vars(load_data(file, language))
    else:
        parts = json.loads(text)
        parts["training_examples"] = [Message(each) for each in parts["training_examples"]]
    code, examples = language_of_file(file), []
    for each in parts["training_examples"]:
        metadata = {METADATA: {**(each.get(METADATA) or {}), LANGUAGE: code}} if code else {}
        examples.append(Sentence({**each.data, **metadata}))
    return TrainingData(examples, *(parts[name] for name in PARTS))


def language_of_file(path: str) -> str | None:
    """The language whose folder a file of sentences stands in."""
    found = FOLDER.search("/" + Path(path).as_posix())
    return (found[1] or found[2]) if found else None


def languages(config: Mapping[str, Any]) -> list[str]:
    """The languages that a configuration has a pipeline for, by code; its `language`, the default, first."""
    nested = [each["pipelines"] for each in config.get("pipeline") or () if "pipelines" in each]
    return list(dict.fromkeys([config.get("language") or "en", *(code for each in nested for code in each)]))


def language_of(example: Message) -> str | None:
    """The language that a training example is marked with."""
    return (example.get(METADATA) or {}).get(LANGUAGE)


def replies(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The replies written in the folder of a language, by name."""
    files = sorted(folder.glob("replies_*.yml"))
    return {name: each for file in files for name, each in replies_of(file).items()}


def replies_of(file: Path) -> dict[str, list[dict[str, Any]]]:
    """The replies of one file, by name."""
    return (YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8")) or {}).get("responses") or {}


def _only_in(code: str, variation: Mapping[str, Any]) -> dict[str, Any]:
    condition = {"type": "slot", "name": LANGUAGE, "value": code}
    return {**variation, "condition": [*variation.get("condition", ()), condition]}
