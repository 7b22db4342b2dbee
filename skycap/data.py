"""What the assistant is trained on, in all its languages: the importer that config.yml names.

Reads the training data as Rasa's own importer does, and marks each sentence with the language of the folder it stands
in: `data/nlu/<code>/…`, `data/calibration/<code>_….yml`. Adds the replies of `languages/<code>/replies_*.yml`, beside
the domain, to those of domain.yml as conditional variations, which plain Rasa picks too.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import METADATA
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from ruamel.yaml import YAML

LANGUAGE = "language"  # a key of a sentence's metadata, of a message's metadata, and the slot of the replies' language
FOLDER = re.compile(r"/(?:nlu/([a-z]{2,3})/|calibration/([a-z]{2,3})_[^/]*$)")


class LanguageImporter(RasaFileImporter):
    """Rasa's importer of files, for several languages."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        read = [_sentences(each, language, Path(each).stat().st_mtime_ns) for each in self._nlu_files]
        return TrainingData().merge(*read)  # copies

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
        return Domain.from_dict(written)


@lru_cache(maxsize=1_000)
def _sentences(file: str, language: str | None, changed_at: int) -> TrainingData:
    """What a file says, its sentences marked; a training asks four times, and reading all files takes 12 s."""
    data, code = load_data(file, language), language_of_file(file)
    for example in data.training_examples if code else ():
        example.set(METADATA, {**(example.get(METADATA) or {}), LANGUAGE: code})
    return data


def languages(config: Mapping[str, Any]) -> list[str]:
    """The languages that a configuration has a pipeline for, by code; its `language`, the default, first."""
    nested = [each["pipelines"] for each in config.get("pipeline") or () if "pipelines" in each]
    return list(dict.fromkeys([config.get("language") or "en", *(code for each in nested for code in each)]))


def language_of_file(path: str) -> str | None:
    """The language whose folder a file of sentences stands in."""
    found = FOLDER.search("/" + Path(path).as_posix())
    return (found[1] or found[2]) if found else None


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
