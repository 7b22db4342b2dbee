"""Layers of Rasa's networks in plain numpy, with the weights that training saved.

Under forward.py and dialogue.py. Reads TensorFlow's checkpoint files without building a network: nothing of TensorFlow
runs, no thread is started, and the weights are arrays that forked processes share. Shapes below are (rows, units).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count, takewhile
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from rasa.shared.nlu.training_data.features import Features
from scipy.special import erf

EPSILON = 1e-6  # of every layer normalisation in a transformer of Rasa's


class Weights:
    """The saved weights of one network; a layer is named by its path below the network's `_tf_layers`."""

    def __init__(self, checkpoint: str | Path) -> None:
        self._reader = tf.train.load_checkpoint(str(checkpoint))

    def has(self, layer: str, variable: str = "kernel") -> bool:
        return self._reader.has_tensor(self._key(layer, variable))

    def get(self, layer: str, variable: str = "kernel") -> np.ndarray:
        return self._reader.get_tensor(self._key(layer, variable))

    @staticmethod
    def _key(layer: str, variable: str) -> str:
        return f"model/_tf_layers/{layer.replace('.', '..')}/{variable}/.ATTRIBUTES/VARIABLE_VALUE"


class Dense:
    """A dense layer. Where weights are left out (`connection_density`), a mask was saved beside them."""

    def __init__(self, weights: Weights, layer: str) -> None:
        self.kernel = weights.get(layer)
        if weights.has(layer, "kernel_mask"):
            self.kernel = self.kernel * weights.get(layer, "kernel_mask")
        self.bias = weights.get(layer, "bias") if weights.has(layer, "bias") else np.float32(0)
        self.units = self.kernel.shape[1]

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        return rows @ self.kernel + self.bias


class SparseDense(Dense):
    """A dense layer over sparse features."""

    def __call__(self, features: Sequence[Any]) -> np.ndarray:
        """The rows of the kernel that each row of the features names, weighted and summed.

        `features`: sparse matrices of as many rows each, to be read side by side.
        """
        cells = [each.tocoo(copy=False) for each in features]
        starts = np.cumsum([0, *(each.shape[1] for each in features[:-1])])
        columns = np.concatenate([each.col + start for each, start in zip(cells, starts, strict=True)])
        data = np.concatenate([each.data for each in cells]).astype(np.float32)
        count = features[0].shape[0]
        if count == 1:
            return (data @ self.kernel[columns] + self.bias)[None]
        rows = np.concatenate([each.row for each in cells])
        order = np.argsort(rows, kind="stable")
        rows = rows[order]
        total = np.tile(self.bias, (count, 1))
        if len(rows):
            begins = np.flatnonzero(np.diff(rows, prepend=-1))
            total[rows[begins]] += np.add.reduceat(self.kernel[columns[order]] * data[order, None], begins)
        return total


class FeedForward:
    """Dense layers, each with GELU after it; between them in the saved list stands dropout."""

    def __init__(self, weights: Weights, layer: str) -> None:
        names = (f"{layer}/_ffn_layers/{place}" for place in count(step=2))
        self._layers = [Dense(weights, name) for name in takewhile(weights.has, names)]

    @property
    def units(self) -> int:
        return self._layers[-1].units

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        for layer in self._layers:
            rows = gelu(layer(rows))
        return rows


class Norm:
    """Layer normalisation."""

    def __init__(self, weights: Weights, layer: str) -> None:
        self._gamma, self._beta = (weights.get(layer, each) for each in ("gamma", "beta"))

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        centred = rows - rows.mean(axis=-1, keepdims=True)
        variance = np.square(centred).mean(axis=-1, keepdims=True)
        return centred / np.sqrt(variance + EPSILON) * self._gamma + self._beta


class Encoder:
    """Rasa's transformer without masks, for there is no padding."""

    def __init__(self, weights: Weights, layer: str, heads: int) -> None:
        self._embedding = Dense(weights, f"{layer}/_embedding")
        names = (f"{layer}/_enc_layers/{place}" for place in count())
        names = takewhile(lambda name: weights.has(f"{name}/_ffn_layers/1"), names)
        self._layers = [_EncoderLayer(weights, name, heads) for name in names]
        self._norm = Norm(weights, f"{layer}/_layer_norm")
        units = self._embedding.units
        self._scale = np.float32(np.sqrt(units))
        self._angles = (1 / np.power(10000, 2 * (np.arange(units) // 2) / np.float32(units))).astype(np.float32)

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        state = self._embedding(rows) * self._scale
        angles = np.arange(len(state), dtype=np.float32)[:, None] * self._angles
        state[:, 0::2] += np.sin(angles[:, 0::2])
        state[:, 1::2] += np.cos(angles[:, 1::2])
        for layer in self._layers:
            state = layer(state)
        return self._norm(state)


class _EncoderLayer:
    def __init__(self, weights: Weights, layer: str, heads: int) -> None:
        attention = f"{layer}/_mha"
        self._heads = heads
        parts = (f"{attention}/_{part}_dense_layer" for part in ("query", "key", "value"))
        self._projection = np.hstack([Dense(weights, part).kernel for part in parts])
        self._attended = Dense(weights, f"{attention}/_output_dense_layer")
        self._norm = Norm(weights, f"{layer}/_layer_norm")
        self._inner_norm = Norm(weights, f"{layer}/_ffn_layers/0")
        self._inner, self._outer = (Dense(weights, f"{layer}/_ffn_layers/{place}") for place in (1, 3))

    def __call__(self, state: np.ndarray) -> np.ndarray:
        length, depth = len(state), self._projection.shape[1] // 3 // self._heads
        projected = (self._norm(state) @ self._projection).reshape(length, 3, self._heads, depth)
        query, key, value = projected.transpose(1, 2, 0, 3)
        weights = softmax(query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(depth)))
        attended = (weights @ value).transpose(1, 0, 2).reshape(length, -1)
        state = state + self._attended(attended)
        return state + self._outer(gelu(self._inner(self._inner_norm(state))))


class Similarity:
    """How near a vector is to each label, and how sure that makes the network."""

    def __init__(self, labels: np.ndarray, cosine: bool, confident: bool) -> None:
        """`labels`: their embeddings, (labels, units); `confident`: similarities become confidences by softmax."""
        self._cosine, self._confident = cosine, confident
        self._labels = labels / np.linalg.norm(labels, axis=-1, keepdims=True) if cosine else labels

    def __call__(self, vector: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Similarities and confidences, each of shape (labels,)."""
        near = self._labels @ (vector / np.linalg.norm(vector) if self._cosine else vector)
        return near, softmax(near) if self._confident else near


def matrices(features: Sequence[Features]) -> list[Any]:
    return [each.features for each in features]


def gelu(values: np.ndarray) -> np.ndarray:
    return values * np.float32(0.5) * (1 + erf(values * np.float32(np.sqrt(0.5))))


def softmax(values: np.ndarray) -> np.ndarray:
    powers = np.exp(values - values.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
