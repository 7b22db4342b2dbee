"""Counts of one message come out as scikit-learn's, bit by bit."""

from __future__ import annotations

import pytest
from sklearn.feature_extraction.text import CountVectorizer

from skycap.engine.features import counts

LEARNT = ["a flight from rome to oslo", "two seats please, please", "mañana a las 8 — ÜBER", "no"]
SAID = (["flight", "flight", "nowhere", "8", "über"], ["two two seats from oslo"], ["zzz"], ["no no no", ""])


@pytest.mark.parametrize(
    "options", [{"token_pattern": r"(?u)\b\w+\b"}, {"analyzer": "char_wb", "ngram_range": (2, 4), "max_features": 60}]
)
@pytest.mark.parametrize("texts", SAID)
def test_counts_are_those_of_scikit_learn(options: dict, texts: list[str]) -> None:
    vectorizer = CountVectorizer(**options).fit(LEARNT)
    theirs = vectorizer.transform(texts)
    theirs.sort_indices()
    theirs = theirs.tocoo()
    ours = counts(vectorizer, vectorizer.build_analyzer(), texts)
    assert ours.shape == theirs.shape and ours.dtype == theirs.dtype
    for part in ("row", "col", "data"):
        assert getattr(ours, part).tolist() == getattr(theirs, part).tolist()
        assert getattr(ours, part).dtype == getattr(theirs, part).dtype
