"""The encoder's numbers are the reference implementation's (sentence-transformers 5 on torch, November 2026)."""

from __future__ import annotations

import numpy as np
import pytest

from skycap.nlu.minilm import MiniLM

TEXTS = [
    "a",
    "two words",
    "",
    "🛫",
    "a much longer sentence that has many more words than the others",
    "so " * 4000,
]


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
def test_all_layers_in_32_bits_are_the_reference(text, first):
    assert MiniLM(layers=6, quantised=False).encode(text)[:3] == pytest.approx(first, abs=1e-5)


def test_8_bits_are_near_32(encoder):
    exact = MiniLM(quantised=False)
    for text in [*TEXTS, "i need a flight to berlin", "is my bag included?"]:
        assert encoder.encode(text) @ exact.encode(text) > 0.97, text


def test_any_text_has_a_vector_of_length_one(encoder):
    for text in TEXTS:
        vector = encoder.encode(text)
        assert vector.shape == (384,)
        assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)


def test_like_meanings_are_near(encoder):
    booking, near, far = map(
        encoder.encode, ["cancel my booking please", "i don't want that reservation any more", "what's for lunch"]
    )
    assert booking @ near > booking @ far + 0.1
