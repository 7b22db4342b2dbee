"""Sentence vectors: what a text means, as numbers that are near each other for texts that mean nearly the same.

Under the intent classifiers. Two frozen encoders side by side, each vector of length 1: Google's multilingual universal
sentence encoder (512 numbers) and all-MiniLM-L6-v2 (384), both Apache-2.0, both shipped inside packages. They err on
different sentences, so together they err less (ADR 0005).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from skycap.kept import Kept, fingerprint

if TYPE_CHECKING:
    from skycap.nlu.minilm import MiniLM
    from skycap.nlu.universal import Universal

_vectors: Kept[bytes, np.ndarray] = Kept(2_000)


@lru_cache(maxsize=1)
def encoders() -> tuple[Universal, MiniLM]:
    """Both encoders, loaded once per process (about 2 s)."""
    from skycap.nlu.minilm import MiniLM  # here, as what only reads the pipeline needs no runtime of networks
    from skycap.nlu.universal import Universal

    return Universal(), MiniLM()


def vectors(texts: Sequence[str]) -> np.ndarray:
    """One row per text, shape (n, 896).

    One text after the other: activations are rounded relative to the largest of a pass, so in a batch a vector would
    depend on its neighbours.
    """
    return np.array([_encoded(text.lower()) for text in texts])


def vector(text: str) -> np.ndarray:
    """The text's vector, shape (896,); about 3 ms the first time."""
    return _vectors.get(fingerprint(text), lambda: _encoded(text.lower()))


def _encoded(text: str) -> np.ndarray:
    return np.concatenate([each.encode(text) for each in encoders()])
