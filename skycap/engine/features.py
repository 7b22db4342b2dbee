"""Rasa's counts of words and letters for one message, without scikit-learn's way to them.

Beside the graph: `CountVectorizer.transform` is made for a million texts; for one, its checks and its arrays cost more
than the counting. The analysis of a text into n-grams stays scikit-learn's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import scipy.sparse
from rasa.engine.graph import GraphComponent
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.shared.nlu.constants import TEXT
from sklearn.feature_extraction.text import CountVectorizer


class CountsQuickly:
    """Mixin before a CountVectorsFeaturizer."""

    def _create_features(
        self, attribute: str, all_tokens: list[list[str]]
    ) -> tuple[list[scipy.sparse.spmatrix | None], list[scipy.sparse.spmatrix | None]]:
        vectorizer = self.vectorizers.get(attribute)
        if attribute != TEXT or not vectorizer or vectorizer.binary:
            return super()._create_features(attribute, all_tokens)
        analyze = self.__dict__.setdefault("_analyze", None) or vectorizer.build_analyzer()
        self._analyze = analyze
        sequences = [counts(vectorizer, analyze, tokens) if tokens else None for tokens in all_tokens]
        sentences = [counts(vectorizer, analyze, [" ".join(tokens)]) if tokens else None for tokens in all_tokens]
        return sequences, sentences


def counts(
    vectorizer: CountVectorizer, analyze: Callable[[str], list[str]], texts: Sequence[str]
) -> scipy.sparse.coo_matrix:
    """What `vectorizer.transform` says of these texts, shape (texts, vocabulary), its columns in order."""
    vocabulary = vectorizer.vocabulary_
    found = [Counter(vocabulary[each] for each in analyze(text) if each in vocabulary) for text in texts]
    columns = [sorted(each) for each in found]
    rows = np.repeat(np.arange(len(texts), dtype=np.int32), list(map(len, columns)))
    data = [each[column] for each, mine in zip(found, columns, strict=True) for column in mine]
    places = (rows, np.array(sum(columns, []), dtype=np.int32))
    return scipy.sparse.coo_matrix((np.array(data, dtype=vectorizer.dtype), places), (len(texts), len(vocabulary)))


def quick(component: type[GraphComponent]) -> type[GraphComponent]:
    """The component with less work, where it counts words; every other as it is."""
    if not issubclass(component, CountVectorsFeaturizer):
        return component
    return type(component.__name__, (CountsQuickly, component), {"__module__": __name__})
