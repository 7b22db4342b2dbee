"""Intents by logistic regression on frozen sentence vectors, words and letters: what is learnt, and how.

Under the intent classifiers; without Rasa, whose import would cost the process that learns this ten seconds. Vectors
know which phrasings mean the same; words, pairs of words and parts of words tell details that vectors are blind to
(ADR 0005).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse
from scipy.optimize import minimize
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.utils.class_weight import compute_sample_weight
from threadpoolctl import threadpool_limits

from skycap.nlu.calibration import probabilities
from skycap.nlu.vectors import BOTH, stored_vectors

STEPS = 100  # of the regression; three times as many take minutes and change no decision (ADR 0005)
TINY = 1e-30  # what 32 bits still tell from 0
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
    terms = [words.fit_transform(texts), letters.fit_transform(texts)]
    dense, sparse = stored_vectors(texts, encoders), scipy.sparse.hstack(terms, format="csr", dtype=np.float32)
    names, weights, bias = fit(dense, sparse, intents, regularisation)
    widths = [dense.shape[1], *(each.shape[1] for each in terms)]
    of_vectors, *of_terms = np.split(weights.astype(np.float32), np.cumsum(widths)[:-1])
    return Opinion(tuple(names), (Terms(words), Terms(letters)), of_vectors, tuple(of_terms), bias)


def fit(
    dense: np.ndarray, sparse: scipy.sparse.csr_matrix, labels: Sequence[str], regularisation: float, steps: int = STEPS
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The labels' names, shape (k,), weights of the columns of both blocks, shape (n, k), and bias, shape (k,).

    What scikit-learn's LogisticRegression with `class_weight="balanced"` and C `regularisation` minimises, by the same
    method; it takes one matrix, and a dense block within a sparse one makes a step three times as long.
    """
    names, right = np.unique(labels, return_inverse=True)
    rows, width, turned = np.arange(len(right)), dense.shape[1], sparse.T.tocsr()
    counts = compute_sample_weight("balanced", right).astype(np.float32)[:, None]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(-1, len(names))
        single = weights.astype(np.float32)
        logits = dense @ single[:width] + sparse @ single[width:-1] + single[-1]
        likely = probabilities(logits, 1.0)
        missed = -np.log(likely[rows, right] + TINY) @ counts[:, 0]
        likely[rows, right] -= 1.0
        likely *= counts
        gradient = np.vstack([dense.T @ likely, turned @ likely, likely.sum(axis=0)]).astype(float)
        gradient[:-1] += weights[:-1] / regularisation
        return missed + np.vdot(weights[:-1], weights[:-1]) / (2 * regularisation), gradient.ravel()

    start = np.zeros((width + sparse.shape[1] + 1) * len(names))
    options = {"maxiter": steps, "gtol": 1e-4}
    with threadpool_limits(1):  # the same numbers on every machine
        weights = minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x.reshape(-1, len(names))
    return names, weights[:-1], weights[-1]
