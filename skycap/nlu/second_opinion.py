"""A second opinion on intents: the regression of skycap/nlu/regression.py as a component.

After the tokenizer in the pipeline, or after a classifier whose ranking it joins with its own: reads text and ranking,
writes the joined one. The rule is one line, a geometric mean: p(intent) ∝ p_own(intent)^w · p_other(intent)^(1-w), so
that an intent needs both to be likely (ADR 0005).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from skycap.nlu.calibration import probabilities
from skycap.nlu.regression import learn
from skycap.nlu.vectors import BOTH, encoder, vector

FLOOR = 1e-4  # an intent one of the two has never heard of is unlikely, not impossible
RANKING_LENGTH = 10


def joined(own: np.ndarray, names: Sequence[str], other: Mapping[str, float], weight: float) -> np.ndarray:
    """Logits of the joint opinion, in the order of `names`; `own` counts `weight`, or all when there is no other."""
    if not other:
        return np.log(own + FLOOR)
    theirs = np.array([other.get(name, 0.0) for name in names])
    return weight * np.log(own + FLOOR) + (1.0 - weight) * np.log(theirs + FLOOR)


def ranking_of(message: Message) -> dict[str, float]:
    """The intents a message has so far, with their confidences."""
    return {each[INTENT_NAME_KEY]: each[PREDICTED_CONFIDENCE_KEY] for each in message.get(INTENT_RANKING_KEY) or ()}


def rank(message: Message, names: Sequence[str], confidences: np.ndarray) -> None:
    """Write the ranking, likeliest first, and the first of it as the intent."""
    ranking = [
        {INTENT_NAME_KEY: names[index], PREDICTED_CONFIDENCE_KEY: float(confidences[index])}
        for index in np.argsort(-confidences)[:RANKING_LENGTH]
    ]
    message.set(INTENT, ranking[0], add_to_output=True)
    message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)


def readable(message: Message) -> bool:
    """Whether the message has words to understand; `/intent` is Rasa's own notation."""
    return bool(message.get(TEXT)) and not message.get(TEXT).startswith("/")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SentenceVectorClassifier(GraphComponent, IntentClassifier):
    """Intents by sentence vectors and words, or joined with the classifier before it.

    Options: `weight` of this opinion (0..1), `regularisation` C, `encoders` of skycap/nlu/vectors.py,
    `temperature`: below 1 sharpens the confidence.
    """

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, model: Any = None
    ) -> None:
        self._config, self._model_storage, self._resource, self._model = config, model_storage, resource, model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"weight": 0.7, "regularisation": 12.0, "temperature": 0.5, "encoders": list(BOTH)}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceVectorClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceVectorClassifier:
        for name in config["encoders"]:
            encoder(name)  # now, and not with the first message; forked processes share them
        with model_storage.read_from(resource) as directory:
            return cls(config, model_storage, resource, joblib.load(directory / "model.joblib"))

    def train(self, training_data: TrainingData) -> Resource:
        examples = [each for each in training_data.intent_examples if each.get(TEXT)]
        self._model = learn(
            [each.get(TEXT) for each in examples],
            [each.get(INTENT) for each in examples],
            self._config["regularisation"],
            self._config["encoders"],
        )
        with self._model_storage.write_to(self._resource) as directory:
            joblib.dump(self._model, directory / "model.joblib")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if self._model is None or not readable(message):
                continue
            text, names = message.get(TEXT), self._model.names
            own = self._model.likely([text], vector(text, self._config["encoders"])[None, :])[0]
            logits = joined(own, names, ranking_of(message), self._config["weight"])
            rank(message, names, probabilities(logits, self._config["temperature"]))
        return messages
