"""One pipeline a language: each learns from its language's sentences alone, and reads its language's messages.

After the cleaning in config.yml's pipeline. The pipeline of a language is an ordinary list of components and becomes an
ordinary NLU model of Rasa's, in a folder of this component's own: Rasa's trainer trains it and takes what did not
change from the training cache, so a changed German sentence trains German alone. A component with an option `language`
need not be told it. Reads a message's text, and its language where the door has said it (skycap/data.py); writes
`language` and everything that the pipeline writes.
"""

from __future__ import annotations

import json
import logging
import warnings
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rasa.engine.caching import LocalTrainingCache
from rasa.engine.constants import PLACEHOLDER_MESSAGE
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.engine.training.fingerprinting import calculate_fingerprint_key
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from skycap.data import LANGUAGE, language_of
from skycap.languages import Conversation, decide, guess
from skycap.nlu.lessons import Lesson, learned, model_of
from skycap.nlu.tracing import Traced

logger = logging.getLogger(__name__)
PARTS = "parts.json"
BEFORE, AFTER = "nlu_message_converter", "run_RegexMessageHandler"  # of Rasa's models: the model around has its own
# When all is trained Rasa looks for these components, and does not see those in here; each language's training looks
# again, and sees them.
for each in ("with examples for training a response", "consisting of entity examples", "with entities that have roles"):
    warnings.filterwarnings("ignore", f"You have defined training data {each}")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LanguageRouter(GraphComponent, IntentClassifier):
    """Gives every message to the pipeline of its language.

    Option `pipelines`: for each language's code a list of components. The first is the default, for messages whose
    language nobody can tell and for sentences in no language's folder.
    """

    runner: type[GraphRunner] = DaskGraphRunner

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._pipelines: dict[str, list[dict[str, Any]]] = config["pipelines"]
        self._default = next(iter(self._pipelines))
        self._model_storage, self._resource = model_storage, resource
        self._runners: dict[str, tuple[GraphRunner, str]] = {}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"pipelines": {}}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """The components' code: what is within counts as this component's own."""
        pipelines = config.get("pipelines", {})  # Rasa asks without them when all came from the cache
        schemas = [model_of(code, each).train_schema for code, each in pipelines.items()]
        nodes = [node for schema in schemas for node in schema.nodes.values()]
        return " ".join(calculate_fingerprint_key(node.uses, node.config, {}) for node in nodes)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageRouter:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguageRouter:
        router = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            for code, components in router._pipelines.items():
                if not (folder / code).is_dir():
                    logger.warning(f"The model has not learnt {code!r}: there were no sentences for it.")
                    continue
                schema = model_of(code, components).predict_schema
                nodes = {name: node for name, node in schema.nodes.items() if name not in (BEFORE, AFTER)}
                for name, node in nodes.items():
                    needs = {key: PLACEHOLDER_MESSAGE if need == BEFORE else need for key, need in node.needs.items()}
                    nodes[name] = replace(node, needs=needs)
                within = replace(execution_context, graph_schema=GraphSchema(nodes))
                runner = cls.runner.create(within.graph_schema, LocalModelStorage(folder / code), within)
                router._runners[code] = runner, schema.nodes[AFTER].needs["messages"]
        return router

    def train(self, training_data: TrainingData) -> Resource:
        with self._model_storage.write_to(self._resource) as folder:
            lessons = self.lessons(training_data, folder)
            for each in lessons:
                each.folder.mkdir(exist_ok=True)
            return Trained(self._resource.name, parts=learned(lessons))

    def lessons(self, training_data: TrainingData, folder: Path) -> list[Lesson]:
        divided = self.divided(training_data)
        return [Lesson(code, self._pipelines[code], divided[code], folder / code) for code in divided]

    def divided(self, training_data: TrainingData) -> dict[str, TrainingData]:
        """The sentences of each language, as copies: what is learnt from them is written into them.

        Texts of replies are left out, as in domain.yml, where a text may change without a training; the names of the
        replies stand in their place.
        """
        found: dict[str, list[Message]] = defaultdict(list)
        for each in training_data.nlu_examples:
            found[language_of(each) or self._default].append(Message(each.data, features=list(each.features)))
        if unknown := sorted(set(found) - set(self._pipelines)):
            logger.warning(f"Sentences in {', '.join(unknown)} are left out: config.yml has no pipeline for them.")
        responses = {name: [{TEXT: name}] for name in training_data.responses}
        synonyms, expressions = training_data.entity_synonyms, training_data.regex_features
        tables = training_data.lookup_tables
        return {
            code: Traced(found[code], synonyms, expressions, tables, responses)
            for code in self._pipelines
            if found[code]
        }

    def process(self, messages: list[Message]) -> list[Message]:
        places: dict[str, list[int]] = defaultdict(list)
        for place, message in enumerate(messages):
            message.set(LANGUAGE, self._spoken(message), add_to_output=True)
            places[message.get(LANGUAGE)["spoken"]].append(place)
        read = list(messages)
        for code, mine in places.items():
            if code not in self._runners:
                continue
            runner, target = self._runners[code]
            answer = runner.run({PLACEHOLDER_MESSAGE: [messages[place] for place in mine]}, [target])[target]
            for place, message in zip(mine, answer, strict=True):
                read[place] = message
        return read

    def _spoken(self, message: Message) -> dict[str, str | None]:
        """What the door says of the message's language, or what can be told from its text alone."""
        told = (message.get(METADATA) or {}).get(LANGUAGE)
        if told and told["spoken"] in self._runners:
            return told
        return decide(guess(message.get(TEXT) or "", list(self._runners)), Conversation(self._default))


@dataclass
class Trained(Resource):
    """What a router has learnt. The training cache has all parts already, so of this one it keeps only which they are.

    `parts`: for each language and node of its graph the fingerprint of what was trained.
    """

    parts: dict[str, dict[str, str]] = field(default_factory=dict)

    def to_cache(self, directory: Path, model_storage: ModelStorage) -> None:
        (directory / PARTS).write_text(json.dumps(self.parts))

    @classmethod
    def from_cache(
        cls, node_name: str, directory: Path, model_storage: ModelStorage, output_fingerprint: str
    ) -> Trained:
        trained = cls(node_name, output_fingerprint, json.loads((Path(directory) / PARTS).read_text()))
        cache = LocalTrainingCache()
        with model_storage.write_to(trained) as folder:
            for code, parts in trained.parts.items():
                (folder / code).mkdir()
                for node, fingerprint in parts.items():
                    if cache.get_cached_result(fingerprint, node, LocalModelStorage(folder / code)) is None:
                        raise ValueError(f"{node} of {code!r} is no longer in the cache, and is trained again")
        return trained
