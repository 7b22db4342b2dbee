"""A lint of the NLU examples, which Rasa's validator does not do.

Reads data/nlu as text with line numbers, so that every finding can be clicked. Checks: the same sentence twice or in
two intents of a language, annotations that are empty, broken or unknown to the domain, intents with few sentences or
out of balance.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from rasa.shared.exceptions import InvalidEntityFormatException
from rasa.shared.nlu.training_data.entities_parser import find_entities_in_training_example, replace_entities
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from skycap.data import language_of_file
from skycap.validate.findings import Finding

FEWEST_SENTENCES = 10
MOST_UNBALANCED = 40  # the largest intent has at most so many times the sentences of the smallest
MASKED = re.compile(r"\[[A-Z_]+:\d+\]")  # what a message holds where personal data stood, such as [EMAIL:1]
PUNCTUATION = re.compile(r"[.,;:!?…\"“”()]+")  # a hyphen or an apostrophe makes another spelling
BROKEN_ANNOTATION = re.compile(r"[\[\]]|\(\s*(?:city|airport|airline|date|time|name)\s*\)")


@dataclass(frozen=True)
class Sentence:
    """One example as written: `raw` with its annotations, `file` below the root, `line` counted from 1."""

    intent: str
    raw: str
    file: str
    line: int

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def folded(self) -> str:
        """The sentence as the classifier nearly sees it: no annotations, case or punctuation."""
        text = replace_entities(self.raw).casefold()
        return " ".join(PUNCTUATION.sub(" ", text).split()) or text.strip()


def read_sentences(root: Path, folder: str = "data/nlu") -> tuple[list[Sentence], list[Finding]]:
    """The sentences of every YAML file below `folder`, and a finding for each file that cannot be read."""
    sentences: list[Sentence] = []
    findings: list[Finding] = []
    for path in sorted((root / folder).rglob("*.yml")):
        file = path.relative_to(root).as_posix()
        try:
            sentences += _sentences_of(YAML(typ="safe", pure=True).compose(path.read_text(encoding="utf-8")), file)
        except MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            findings.append(
                Finding(
                    f"{file}:{line}", f"This is no valid YAML: {error.problem}.", "Correct the indentation or quote it."
                )
            )
    return sentences, findings


def _entries(node: Node | None) -> dict[str, Node]:
    return {key.value: value for key, value in node.value} if isinstance(node, MappingNode) else {}


def _sentences_of(node: Node | None, file: str) -> Iterator[Sentence]:
    listed = _entries(node).get("nlu")
    for item in listed.value if isinstance(listed, SequenceNode) else ():
        entries = _entries(item)
        intent, examples = entries.get("intent"), entries.get("examples")
        if isinstance(intent, ScalarNode) and isinstance(examples, ScalarNode):
            # A block of lines begins one line below its `|`.
            for number, text in enumerate(examples.value.splitlines(), start=examples.start_mark.line + 2):
                if text.strip().startswith("- "):
                    yield Sentence(intent.value, text.strip()[2:].strip(), file, number)


def check_sentences(sentences: Sequence[Sentence], entities: Mapping[str, set[str]]) -> list[Finding]:
    """Everything found in `sentences`; `entities` maps each entity of the domain to its roles."""
    spoken: dict[str | None, list[Sentence]] = defaultdict(list)
    for each in sentences:
        spoken[language_of_file(each.file)].append(each)
    found = [finding for each in spoken.values() for finding in (*_repeated(each), *_sizes(each))]
    return [*_annotations(sentences, entities), *found]


def _repeated(sentences: Sequence[Sentence]) -> Iterator[Finding]:
    alike: dict[str, list[Sentence]] = defaultdict(list)
    for each in sentences:
        alike[each.folded].append(each)
    for group in alike.values():
        for first, again in pairwise(group):
            if first.intent != again.intent:
                yield Finding(
                    again.where,
                    f"“{again.raw}” is {again.intent} here and {first.intent} in {first.where}.",
                    "Keep it in the intent a traveller means by it.",
                )
            else:
                yield Finding(
                    again.where,
                    f"“{again.raw}” stands in {again.intent} twice, the first time in {first.where}.",
                    "Remove one.",
                )


def _annotations(sentences: Sequence[Sentence], entities: Mapping[str, set[str]]) -> Iterator[Finding]:
    for each in sentences:
        try:
            found = find_entities_in_training_example(each.raw)
        except InvalidEntityFormatException:
            yield Finding(
                each.where, f"“{each.raw}” has an annotation that is no JSON.", 'Write [Rome]{"entity": "city"}.'
            )
            continue
        if not each.raw or BROKEN_ANNOTATION.search(replace_entities(MASKED.sub(" ", each.raw))):
            yield Finding(
                each.where, f"“{each.raw}” is empty or has a broken annotation.", "Write [Rome](city), without spaces."
            )
        for entity in found:
            name, role, words = entity["entity"], entity.get("role"), each.raw
            if not str(entity.get("value") or "").strip():
                yield Finding(each.where, f"“{words}” marks nothing as {name}.", "Put the words between the brackets.")
            elif name not in entities:
                yield Finding(
                    each.where,
                    f"“{words}” marks the entity {name}, which domain.yml does not list.",
                    "Correct it, or add it.",
                )
            elif role and role not in entities[name]:
                yield Finding(
                    each.where,
                    f"“{words}” gives {name} the role {role}, which domain.yml does not list.",
                    "Correct it, or add it.",
                )


def _sizes(sentences: Sequence[Sentence]) -> Iterator[Finding]:
    first: dict[str, Sentence] = {}
    for each in sentences:
        first.setdefault(each.intent, each)
    for intent, count in Counter(each.intent for each in sentences).items():
        if count < FEWEST_SENTENCES:
            what = f"{intent} has {count} sentences; {FEWEST_SENTENCES} are the fewest to learn from."
            yield Finding(first[intent].where, what, "Add sentences that people would really write.")
    sizes = Counter(each.intent.split("/")[0] for each in sentences)
    if not sizes:
        return
    (largest, most), (smallest, fewest) = sizes.most_common()[0], sizes.most_common()[-1]
    if most > MOST_UNBALANCED * fewest:
        what = f"{largest} has {most} sentences and {smallest} {fewest}, more than {MOST_UNBALANCED} times fewer."
        where = next(each.where for each in sentences if each.intent.split("/")[0] == smallest)
        yield Finding(where, what, f"Add sentences to {smallest}.", is_error=False)
