"""Sentence vectors: what a text means, as numbers that are near each other for texts that mean nearly the same.

Under the intent classifiers. Two frozen encoders side by side, each vector of length 1: Google's multilingual universal
sentence encoder (512 numbers) and all-MiniLM-L6-v2 (384), both Apache-2.0, both shipped inside packages. They err on
different sentences, so together they err less (ADR 0005). MiniLM knows English alone; other languages do without it.
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

BOTH = ("universal", "minilm")
_vectors: Kept[tuple[str | bytes, ...], np.ndarray] = Kept(2_000)


@lru_cache(maxsize=len(BOTH))
def encoder(name: str) -> Universal | MiniLM:
    """An encoder by name, loaded once per process (about a second)."""
    from skycap.nlu.minilm import MiniLM  # here, as what only reads the pipeline needs no runtime of networks
    from skycap.nlu.universal import Universal

    return {"universal": Universal, "minilm": MiniLM}[name]()


def vectors(texts: Sequence[str], encoders: Sequence[str] = BOTH) -> np.ndarray:
    """One row per text, shape (n, 896) with both encoders.

    One text after the other: activations are rounded relative to the largest of a pass, so in a batch a vector would
    depend on its neighbours.
    """
    return np.array([_encoded(text.lower(), encoders) for text in texts])


def vector(text: str, encoders: Sequence[str] = BOTH) -> np.ndarray:
    """The text's vector, shape (896,) with both encoders; about 3 ms the first time."""
    key = (fingerprint(text), *encoders)
    return _vectors.get(key, lambda: _encoded(text.lower(), encoders))


def _encoded(text: str, encoders: Sequence[str]) -> np.ndarray:
    return np.concatenate([encoder(name).encode(text) for name in encoders])
