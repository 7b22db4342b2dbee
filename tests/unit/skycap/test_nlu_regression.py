"""The regression is the one that scikit-learn fits, on vectors and words, in fewer steps and less time."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import scipy.sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from skycap.nlu.regression import fit, learn
from skycap.nlu.vectors import vectors

SAID = {
    "greet": ["hello", "good morning", "hi there", "hey you"],
    "one_way": ["only there, not back", "one way please", "a single ticket", "no return flight"],
    "return": ["there and back", "both ways please", "a return ticket", "with a flight home"],
}
TEXTS = [text for texts in SAID.values() for text in texts]
INTENTS = [intent for intent, texts in SAID.items() for _ in texts]
ASKED = ["hello, both ways please!", "never heard of it?", "", "ONE WAY"]


@pytest.mark.parametrize("intents", (3, 2))
def test_it_is_the_regression_of_scikit_learn(intents):
    texts, said = TEXTS[: 4 * intents], INTENTS[: 4 * intents]
    opinion = learn(texts, said, 12.0)
    own = LogisticRegression(C=12.0, max_iter=1000, class_weight="balanced", multi_class="multinomial")

    def seen(texts):
        terms = [each.vectorizer.transform(texts) for each in opinion.vectorizers]
        return scipy.sparse.hstack([vectors(texts), *terms], format="csr")

    expected = own.fit(seen(texts), said).predict_proba(seen(ASKED))
    assert opinion.names == tuple(own.classes_)
    assert np.allclose(opinion.likely(ASKED, vectors(ASKED)), expected, atol=1e-5)


def test_each_step_is_scikit_learns_too():
    numbers = np.random.default_rng(0)
    sparse = scipy.sparse.random(200, 40, 0.1, "csr", np.float32, numbers)
    dense, labels = numbers.normal(size=(200, 8)).astype(np.float32), numbers.choice(list("abbcccdddd"), 200)
    own = LogisticRegression(C=3.0, max_iter=10, class_weight="balanced")
    with pytest.warns(ConvergenceWarning):
        own.fit(scipy.sparse.hstack([dense, sparse], format="csr"), labels)
    names, weights, bias = fit(dense, sparse, labels, 3.0, steps=10)
    assert list(names) == list(own.classes_)
    assert np.allclose(weights, own.coef_.T, atol=1e-4)
    assert np.allclose(bias, own.intercept_, atol=1e-4)


def test_accents_case_and_a_question_mark_are_read_as_people_type_them():
    words, letters = learn(TEXTS, INTENTS, 12.0).vectorizers
    assert set(words.vectorizer.build_analyzer()("Cuánto es?")) == {"cuanto", "es", "?", "cuanto es", "es ?"}
    assert " cuan" in letters.vectorizer.build_analyzer()("CUÁNTO")


def test_it_is_the_same_after_it_was_stored():
    opinion = learn(TEXTS, INTENTS, 12.0)
    again = pickle.loads(pickle.dumps(opinion))
    assert np.array_equal(again.likely(ASKED, vectors(ASKED)), opinion.likely(ASKED, vectors(ASKED)))


def test_one_intent_is_no_choice():
    assert learn(["hello", "hi"], ["greet", "greet"], 12.0) is None
