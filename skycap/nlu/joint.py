"""Intents: DIET, joined with a regression on sentence vectors and words, calibrated on sentences it never learnt from.

In the pipeline's place of DIETClassifier, whose options it takes. Reads tokens and features; writes the intent and its
ranking with calibrated confidences, and `ask_below`, the confidence below which asking again is cheaper than guessing;
with `entity_recognition` DIET's entities too. Two marks in the training data (`metadata` of an intent's block) matter
here: `held_out: true` keeps sentences out of the training, for calibration; `scope_only: true` shows sentences to the
regression alone, so that many negatives do not slow DIET down.
"""

from __future__ import annotations

import copy
import inspect
import json
import multiprocessing
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict
from typing import Any

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.diet_classifier import DIETClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from skycap.kept import fingerprint
from skycap.nlu import calibration, regression, second_opinion, vectors
from skycap.nlu.answers import forget_training
from skycap.nlu.calibration import Calibration, fit, probabilities
from skycap.nlu.regression import Opinion, learn
from skycap.nlu.second_opinion import joined, rank, ranking_of, readable
from skycap.nlu.vectors import BOTH, encoder, stored_vectors, vector

ASK_BELOW = "ask_below"
OUT_OF_SCOPE = "out_of_scope"
LIKELY = 0.5  # an intent more likely than not is answered
_begun: dict[bytes, Future[Opinion | None]] = {}  # regressions, by what they learn from


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR],
    is_trainable=True,
)
class JointIntentClassifier(DIETClassifier):
    """DIET and a regression on sentence vectors and words as one classifier with a confidence that can be believed.

    Options beside DIET's: `encoders` (of skycap/nlu/vectors.py), `vectors_weight` (0..1), `regularisation` C of the
    regression, `cost_of_asking` again (a wrong guess costs 1) and `cost_of_refusing` somebody who could be helped
    (answering what is out of scope costs 1).
    """

    opinion: Opinion | None = None
    calibration = Calibration()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """The code it learns by; of a component Rasa sees the class alone."""
        return "".join(inspect.getsource(each) for each in (calibration, regression, second_opinion, vectors))

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            **DIETClassifier.get_default_config(),
            "encoders": list(BOTH),
            "vectors_weight": 0.9,
            "regularisation": 12.0,
            "cost_of_asking": 0.5,
            "cost_of_refusing": 2.0,
        }

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> JointIntentClassifier:
        classifier = super().load(config, model_storage, resource, execution_context, **kwargs)
        with model_storage.read_from(resource) as directory:
            classifier.opinion = joblib.load(directory / "opinion.joblib")
            classifier.calibration = Calibration(**json.loads((directory / "calibration.json").read_text()))
        for name in classifier.component_config["encoders"]:
            encoder(name)  # now, and not with the first message; forked processes share them
        return classifier

    @classmethod
    def begin(cls, config: dict[str, Any], training_data: TrainingData) -> None:
        """Begin with what needs no features, in a process of its own, before they are there."""
        cls._of_regression(training_data, config)

    @classmethod
    def _of_regression(cls, training_data: TrainingData, config: dict[str, Any]) -> Future[Opinion | None]:
        told = [each for each in training_data.intent_examples if each.get(TEXT) and not marked(each, "held_out")]
        texts, intents = [each.get(TEXT) for each in told], [each.get(INTENT) for each in told]
        given = texts, intents, config["regularisation"], config["encoders"]
        key = fingerprint(repr(given))
        if key not in _begun:
            context = multiprocessing.get_context("spawn")  # TensorFlow does not live on in forked processes
            processes = ProcessPoolExecutor(1, context)
            _begun[key] = processes.submit(learn, *given)
            processes.shutdown(wait=False)
        return _begun[key]

    def train(self, training_data: TrainingData) -> Resource:
        held_out = [each for each in training_data.intent_examples if marked(each, "held_out") and each.get(TEXT)]
        opinion = self._of_regression(training_data, self.component_config)
        super().train(
            training_data.filter_training_examples(
                lambda each: not marked(each, "held_out") and not marked(each, "scope_only")
            )
        )
        self.opinion = opinion.result()
        self.calibration = self._calibrate(held_out)
        with self._model_storage.write_to(self._resource) as directory:
            joblib.dump(self.opinion, directory / "opinion.joblib")
            (directory / "calibration.json").write_text(json.dumps(asdict(self.calibration)))
        return self._resource

    def persist(self) -> None:
        forget_training(self.model)
        super().persist()

    def process(self, messages: list[Message]) -> list[Message]:
        messages = super().process(messages)
        for message in messages:
            if self.opinion is None or not readable(message):
                continue
            row = vector(message.get(TEXT), self.component_config["encoders"])
            logits = self._logits(row[None, :], [message])[0]
            names, confidences = self._decide(logits)
            rank(message, names, confidences)
            message.set(ASK_BELOW, self.calibration.ask_below)
        return messages

    def _logits(self, rows: np.ndarray, messages: list[Message]) -> np.ndarray:
        """The joint opinion on messages with DIET's ranking and these sentence vectors, shape (messages, intents)."""
        names, weight = self.opinion.names, self.component_config["vectors_weight"]
        own = self.opinion.likely([each.get(TEXT) for each in messages], rows)
        return np.array(
            [joined(mine, names, ranking_of(each), weight) for mine, each in zip(own, messages, strict=True)]
        )

    def _decide(self, logits: np.ndarray) -> tuple[list[str], np.ndarray]:
        """Intents and confidences; what may well be out of scope is said to be, unless another is likely."""
        names = list(self.opinion.names)
        confidences = probabilities(logits, self.calibration.temperature)
        if OUT_OF_SCOPE not in names:
            return names, confidences
        outside = names.index(OUT_OF_SCOPE)
        best = np.delete(confidences, outside).max()
        if confidences[outside] >= self.calibration.refuse_from and best < LIKELY:
            confidences[outside] = max(confidences[outside], best + 1e-6)
        else:
            confidences[outside] = min(confidences[outside], best - 1e-6)
        return names, confidences

    def _calibrate(self, held_out: list[Message]) -> Calibration:
        names = [] if self.opinion is None else list(self.opinion.names)
        messages = [each for each in held_out if each.get(INTENT) in names]
        if not messages:
            return Calibration()
        right = np.array([names.index(each.get(INTENT)) for each in messages])
        asked = [copy.deepcopy(each) for each in messages]
        for each in asked:
            each.set(INTENT, None)
            each.set(INTENT_RANKING_KEY, None)
        rows = stored_vectors([each.get(TEXT) for each in asked], self.component_config["encoders"])
        logits = self._logits(rows, super().process(asked))
        return fit(
            logits,
            right,
            names.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in names else None,
            self.component_config["cost_of_asking"],
            self.component_config["cost_of_refusing"],
        )


def marked(message: Message, mark: str) -> bool:
    """Whether the block of the training data that this example stands in carries the mark."""
    return bool(((message.get(METADATA) or {}).get(METADATA_INTENT) or {}).get(mark))
