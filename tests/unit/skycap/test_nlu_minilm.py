"""The encoder's numbers are the reference implementation's (sentence-transformers 5 on torch, November 2026)."""

from __future__ import annotations

import numpy as np
import pytest

from skycap.nlu.minilm import MiniLM


@pytest.fixture(scope="module")
def encoder() -> MiniLM:
    return MiniLM()


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("i need a flight to berlin", [0.05470816, -0.00391277, -0.07683969]),
        ("is my bag included?", [0.00443164, 0.06050765, 0.01142314]),
    ],
)
def test_numbers_are_the_reference(encoder, text, first):
    assert encoder.encode([text])[0, :3] == pytest.approx(first, abs=1e-5)


def test_a_batch_is_what_its_sentences_are(encoder):
    texts = [
        "a",
        "two words",
        "",
        "🛫",
        "a much longer sentence that has many more words than the others",
        "so " * 4000,
    ]
    together = encoder.encode(texts)
    assert together.shape == (6, 384)
    assert np.linalg.norm(together, axis=1) == pytest.approx(1.0, abs=1e-5)
    for row, text in zip(together, texts, strict=True):
        assert encoder.encode([text])[0] == pytest.approx(row, abs=1e-5)


def test_like_meanings_are_near(encoder):
    booking, near, far = encoder.encode(
        ["cancel my booking please", "i don't want that reservation any more", "what's for lunch"]
    )
    assert booking @ near > booking @ far + 0.2
