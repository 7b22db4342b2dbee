"""The training of one language, and of several side by side.

Under LanguageRouter (skycap/nlu/languages.py). A lesson is trained by Rasa's own trainer with its training cache, so
what one process has learnt another takes from there.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from logging.handlers import QueueHandler, QueueListener
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rasa.engine.caching import LocalTrainingCache
from rasa.engine.constants import PLACEHOLDER_IMPORTER
from rasa.engine.graph import ExecutionContext, GraphModelConfiguration, GraphSchema
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.engine.training.graph_trainer import GraphTrainer
from rasa.engine.training.hooks import LoggingHook
from rasa.engine.validation import validate
from rasa.shared.data import TrainingType
from rasa.shared.importers.importer import NluDataImporter
from rasa.shared.nlu.training_data.training_data import TrainingData

from skycap.data import LANGUAGE
from skycap.nlu.tracing import Tracing

logger = logging.getLogger(__name__)
MANY = 1_000  # sentences; for fewer a process takes longer to begin than to learn


class _Sentences(NluDataImporter):
    """Gives Rasa's trainer sentences and nothing else."""

    def __init__(self, data: TrainingData) -> None:
        self._data = data

    def get_config(self) -> dict[str, Any]:
        return {}

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        return self._data


def model_of(code: str, components: list[dict[str, Any]]) -> GraphModelConfiguration:
    """The pipeline of a language as Rasa's recipe makes it a model. Raises InvalidConfigException."""
    pipeline = []
    for each in components:
        options = DefaultV1Recipe._from_registry(each["name"]).clazz.get_default_config()
        pipeline.append({**({LANGUAGE: code} if LANGUAGE in options else {}), **each})
    config = {"language": code, "pipeline": pipeline}
    return DefaultV1Recipe().graph_config_for_recipe(config, {}, TrainingType.NLU)


@dataclass(frozen=True)
class Lesson:
    """What one language's pipeline is trained from, and the folder for what it learns."""

    code: str
    components: list[dict[str, Any]]
    sentences: TrainingData
    folder: Path
    only: frozenset[str] = frozenset()  # of the graph's nodes, and what these need; all where it is empty
    keeps_all: bool = True  # in the training cache, or these alone

    def learn(self) -> dict[str, str]:
        """Train as `rasa train` does; returns the fingerprint of each trained node."""
        logger.info(f"Language {self.code!r}: {len(self.sentences.training_examples)} sentences.")
        model, importer = model_of(self.code, self.components), _Sentences(self.sentences)
        validate(model)
        storage, cache, schema = LocalModelStorage(self.folder), LocalTrainingCache(), model.train_schema
        pruned = self._pruned(schema, importer)
        hooks = [LoggingHook(pruned), Tracing(cache, storage, pruned, kept=None if self.keeps_all else self.only)]
        runner = DaskGraphRunner.create(pruned, storage, ExecutionContext(schema), hooks)
        done = runner.run({PLACEHOLDER_IMPORTER: importer}, sorted(self.only) or None)
        return {name: each.fingerprint() for name, each in done.items() if isinstance(each, Resource)}

    def left(self) -> list[str]:
        """The components that are to be trained: they are not, or not from the same, in the training cache."""
        return [node.uses.__name__ for node in self._left_of_schema().nodes.values() if node.fn == "train"]

    def halves(self, folder: Path) -> list[Lesson]:
        """Two lessons after which the training cache has all of this one; one where it cannot be divided.

        The first is of that component, of those that no other waits for, which stands first; the second of the rest.
        """
        schema = self._left_of_schema()
        needed = {need for node in schema.nodes.values() for need in node.needs.values()}
        last = [name for name, node in schema.nodes.items() if node.fn == "train" and name not in needed]
        return [
            replace(self, folder=folder / str(number), only=frozenset(only), keeps_all=number == 0)
            for number, only in enumerate([last[:1], last[1:]])
            if only
        ]

    def _left_of_schema(self) -> GraphSchema:
        schema = model_of(self.code, self.components).train_schema
        return self._pruned(schema, _Sentences(self.sentences))

    def is_long(self) -> bool:
        """Whether it is worth a process of its own."""
        return len(self.sentences.training_examples) >= MANY and bool(self.left())

    def _pruned(self, schema: GraphSchema, importer: NluDataImporter) -> GraphSchema:
        """What is left to do of the training."""
        trainer = GraphTrainer(LocalModelStorage(self.folder), LocalTrainingCache(), DaskGraphRunner)
        return trainer._prune_schema(schema, trainer.fingerprint(schema, importer))


def learned(lessons: list[Lesson]) -> dict[str, dict[str, str]]:
    """Learn all lessons, long ones side by side, and of a single one the halves: one keeps one core busy, not two."""
    long = sorted((each for each in lessons if each.is_long()), key=lambda each: -len(each.sentences.nlu_examples))
    parts: dict[str, dict[str, str]] = {}
    if (os.cpu_count() or 1) > 1:
        with TemporaryDirectory() as folder:
            if len(long) > 1:
                parts = dict(zip((each.code for each in long), _side_by_side(long), strict=True))
            elif long:
                _side_by_side(long[0].halves(Path(folder)))
    return {each.code: parts.get(each.code) or each.learn() for each in lessons}


def _side_by_side(lessons: list[Lesson]) -> list[dict[str, str]]:
    """Learn each of several lessons in a process of its own."""
    if len(lessons) < 2:
        return []
    for each in lessons:
        each.folder.mkdir(exist_ok=True)
    context = multiprocessing.get_context("spawn")  # TensorFlow does not live on in forked processes
    records = context.Queue()
    listener = QueueListener(records, _Here())
    listener.start()
    with ProcessPoolExecutor(min(os.cpu_count() or 1, len(lessons)), context, _report_to, (records,)) as processes:
        done = list(processes.map(_learn, lessons))
    listener.stop()
    return done


def _learn(lesson: Lesson) -> dict[str, str]:
    for handler in logging.getLogger().handlers:
        handler.addFilter(lambda record: bool(record.__dict__.update(language=lesson.code)) or True)
    return lesson.learn()


def _report_to(records: Any) -> None:
    """In a process of its own: log where the others do."""
    root = logging.getLogger()
    root.handlers, root.level = [QueueHandler(records)], logging.INFO


class _Here(logging.Handler):
    """Hands records of other processes to this one's loggers; their `language` says of which lesson they are."""

    def emit(self, record: logging.LogRecord) -> None:
        here = logging.getLogger(record.name)
        if here.isEnabledFor(record.levelno):
            here.handle(record)
