"""The training of one language, and of several side by side.

Under LanguageRouter (skycap/nlu/languages.py). A lesson is trained by Rasa's own trainer with its training cache, so
what one process has learnt another takes from there.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from logging.handlers import QueueHandler, QueueListener
from pathlib import Path
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

    def learn(self) -> dict[str, str]:
        """Train as `rasa train` does; returns the fingerprint of each trained node."""
        logger.info(f"Language {self.code!r}: {len(self.sentences.training_examples)} sentences.")
        model, importer = model_of(self.code, self.components), _Sentences(self.sentences)
        validate(model)
        storage, cache, schema = LocalModelStorage(self.folder), LocalTrainingCache(), model.train_schema
        pruned = self._pruned(schema, importer)
        hooks = [LoggingHook(pruned), Tracing(cache, storage, pruned)]
        for node in pruned.nodes.values():
            if node.fn == "train" and hasattr(node.uses, "begin"):
                node.uses.begin({**node.uses.get_default_config(), **node.config}, self.sentences)
        runner = DaskGraphRunner.create(pruned, storage, ExecutionContext(schema), hooks)
        done = runner.run({PLACEHOLDER_IMPORTER: importer})
        return {name: each.fingerprint() for name, each in done.items() if isinstance(each, Resource)}

    def left(self) -> list[str]:
        """The components that are to be trained: they are not, or not from the same, in the training cache."""
        schema = model_of(self.code, self.components).train_schema
        nodes = self._pruned(schema, _Sentences(self.sentences)).nodes.values()
        return [node.uses.__name__ for node in nodes if node.fn == "train"]

    def is_long(self) -> bool:
        """Whether it is worth a process of its own."""
        return len(self.sentences.training_examples) >= MANY and bool(self.left())

    def _pruned(self, schema: GraphSchema, importer: NluDataImporter) -> GraphSchema:
        """What is left to do of the training."""
        trainer = GraphTrainer(LocalModelStorage(self.folder), LocalTrainingCache(), DaskGraphRunner)
        return trainer._prune_schema(schema, trainer.fingerprint(schema, importer))


def learned(lessons: list[Lesson]) -> dict[str, dict[str, str]]:
    """Learn all lessons, long ones side by side: a network of this size keeps one core busy, not two."""
    long = sorted((each for each in lessons if each.is_long()), key=lambda each: -len(each.sentences.nlu_examples))
    cores = os.cpu_count() or 1
    parts = {}
    if len(long) > 1 and cores > 1:
        context = multiprocessing.get_context("spawn")  # TensorFlow does not live on in forked processes
        records = context.Queue()
        listener = QueueListener(records, _Here())
        listener.start()
        with ProcessPoolExecutor(min(cores, len(long)), context, _report_to, (records,)) as processes:
            running = {each.code: processes.submit(_learn, each) for each in long}
            parts = {code: each.result() for code, each in running.items()}
        listener.stop()
    return {each.code: parts.get(each.code) or each.learn() for each in lessons}


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
