"""A second opinion on intents: logistic regression on frozen sentence vectors, words and letters.

After the tokenizer in the pipeline, or after a classifier whose ranking it joins with its own: reads text and ranking,
writes the joined one. Vectors know which phrasings mean the same; words, pairs of words and parts of words tell details
that vectors are blind to (ADR 0005). The rule is one line, a geometric mean: p(intent) ∝ p_own(intent)^w ·
p_other(intent)^(1-w), so that an intent needs both to be likely.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import joblib
import numpy as np
import scipy.sparse
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from skycap.nlu.calibration import probabilities
from skycap.nlu.vectors import BOTH, encoder, vector, vectors

FLOOR = 1e-4  # an intent one of the two has never heard of is unlikely, not impossible
RANKING_LENGTH = 10
STEPS = 100  # of the regression; three times as many take minutes and change no decision (ADR 0005)
WORD = r"\w+|[?!]"


class Terms:
    """What a fitted vectorizer (sublinear tf-idf, length 1) says of one text, without scikit-learn's way to it.

    `TfidfVectorizer.transform` is made for many texts: for one, its checks cost more than the counting.
    """

    def __init__(self, fitted: TfidfVectorizer) -> None:
        fitted.stop_words_ = set()  # what was left out, of no use any more
        self.vectorizer, self._idf = fitted, fitted.idf_
        self._analyze: Callable[[str], list[str]] | None = None

    def of(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """The columns of the terms in the text, and their values; the rest is 0."""
        self._analyze = self._analyze or self.vectorizer.build_analyzer()
        vocabulary = self.vectorizer.vocabulary_
        found = Counter(vocabulary[each] for each in self._analyze(text) if each in vocabulary)
        columns = np.fromiter(found, np.intp, len(found))
        values = (np.log(np.fromiter(found.values(), float, len(found))) + 1.0) * self._idf[columns]
        return columns, values / (np.sqrt(values @ values) or 1.0)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_analyze": None}  # holds functions


@dataclass(frozen=True)
class Opinion:
    """What was learnt. With `n` numbers in a sentence vector and `k` intents:

    `names` of the intents; weights `of_vectors`, shape (n, k), and `of_terms`, for each of `vectorizers` of shape (its
    terms, k); `bias`, shape (k,).
    """

    names: tuple[str, ...]
    vectorizers: tuple[Terms, ...]
    of_vectors: np.ndarray
    of_terms: tuple[np.ndarray, ...]
    bias: np.ndarray

    def likely(self, texts: Sequence[str], rows: np.ndarray) -> np.ndarray:
        """Probabilities of the intents, shape (texts, k), for texts and their sentence vectors, shape (texts, n)."""
        logits = rows @ self.of_vectors + self.bias
        for vectorizer, weights in zip(self.vectorizers, self.of_terms, strict=True):
            for logit, text in zip(logits, texts, strict=True):
                columns, values = vectorizer.of(text)
                logit += values @ weights[columns]
        return probabilities(logits, 1.0)


def learn(
    texts: Sequence[str], intents: Sequence[str], regularisation: float, encoders: Sequence[str] = BOTH
) -> Opinion | None:
    """The regression from sentence vectors and words to intents; None when there is nothing to tell apart."""
    if len(set(intents)) < 2:
        return None
    seen = {"strip_accents": "unicode", "sublinear_tf": True}  # people leave accents out
    words = TfidfVectorizer(token_pattern=WORD, ngram_range=(1, 2), **seen)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, **seen)
    rows = [vectors(texts, encoders), words.fit_transform(texts), letters.fit_transform(texts)]
    regression = LogisticRegression(C=regularisation, max_iter=STEPS, class_weight="balanced", random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        regression.fit(scipy.sparse.hstack(rows, format="csr"), intents)
    weights, bias = regression.coef_.T.astype(np.float32), regression.intercept_
    if len(bias) == 1:  # of two intents scikit-learn keeps the second's alone
        weights, bias = np.hstack([-weights, weights]) / 2, np.array([-bias[0], bias[0]]) / 2
    of_vectors, *of_terms = np.split(weights, np.cumsum([each.shape[1] for each in rows])[:-1])
    return Opinion(tuple(regression.classes_), (Terms(words), Terms(letters)), of_vectors, tuple(of_terms), bias)


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
