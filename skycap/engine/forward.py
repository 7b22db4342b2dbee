"""The forward pass of DIET in plain numpy, for one message at a time.

Under networks.py. Reads the weights of a loaded network and a message's sparse features; what comes out is what the
network's own `run_inference` returns, without diagnostics. On one short message TensorFlow spends nearly all its time
on the bookkeeping of some hundred small operations; the arithmetic itself takes a fraction of a millisecond.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from rasa.nlu.classifiers.diet_classifier import DIET
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.utils.tensorflow.constants import COSINE, ENTITY_RECOGNITION, INTENT_CLASSIFICATION, LABEL, SOFTMAX
from rasa.utils.tensorflow.layers import RandomlyConnectedDense
from rasa.utils.tensorflow.transformer import TransformerEncoder, TransformerEncoderLayer
from scipy.special import erf

STEPS = ("batch_predict", "_batch_predict_intents", "_batch_predict_entities", "prepare_for_predict")
KINDS = (FEATURE_TYPE_SEQUENCE, FEATURE_TYPE_SENTENCE)


def is_supported(network: Any) -> bool:
    """Whether `Forward` knows every layer that this network predicts with."""
    if not isinstance(network, DIET) or any(getattr(type(network), step) is not getattr(DIET, step) for step in STEPS):
        return False
    signature = network.data_signature[TEXT]
    combining = network._tf_layers[f"sequence_layer.{TEXT}"]._tf_layers["feature_combining"]._tf_layers
    transformer = network._tf_layers[f"sequence_layer.{TEXT}"]._tf_layers["transformer"]
    encoder = isinstance(transformer, TransformerEncoder)
    attentions = [layer._mha for layer in transformer._enc_layers] if encoder else []
    return (
        all(len(signature.get(kind, ())) == 1 and signature[kind][0].is_sparse for kind in KINDS)
        and not any(name.startswith("unify") for name in combining)
        and not any(each.use_key_relative_position or each.use_value_relative_position for each in attentions)
        and not (encoder and transformer.unidirectional)
    )


class Forward:
    """One network's forward pass; shapes below are (tokens + 1, units): the last row stands for the whole message."""

    def __init__(self, network: DIET) -> None:
        """Take over the weights of a network that `is_supported` and prepared for prediction."""
        layers = network._tf_layers
        sequence = layers[f"sequence_layer.{TEXT}"]._tf_layers
        combining = sequence["feature_combining"]._tf_layers
        self._inputs = {kind: _dense(combining[f"sparse_dense.{kind}"]._tf_layers["sparse_to_dense"]) for kind in KINDS}
        hidden = sequence["ffnn"]._ffn_layers
        self._hidden = [_dense(each) for each in hidden if isinstance(each, RandomlyConnectedDense)]
        encoder = sequence["transformer"]
        self._encoder = _Encoder(encoder) if isinstance(encoder, TransformerEncoder) else None
        self._labels = None
        if network.config[INTENT_CLASSIFICATION]:
            self._text = _dense(layers[f"embed.{TEXT}"]._dense)
            loss = layers[f"loss.{LABEL}"]
            self._cosine, self._softmax = loss.similarity_type == COSINE, loss.model_confidence == SOFTMAX
            self._labels = network.all_labels_embed.numpy()
        specs = network._entity_tag_specs if network.config[ENTITY_RECOGNITION] else []
        self._taggers = [_Tagger(spec.tag_name, layers) for spec in specs if spec.num_tags]

    def __call__(self, tokens: Sequence[Features], message: Sequence[Features]) -> dict[str, np.ndarray]:
        """Confidences of labels, tags and their confidences, each with a first axis of length 1.

        Args:
            tokens: the sparse features of the tokens, each of shape (tokens, its own width).
            message: those of the whole message, each of shape (1, its own width).
        """
        rows = [self._embedded(kind, given) for kind, given in zip(KINDS, (tokens, message), strict=True)]
        state = np.concatenate(rows)
        for kernel, bias in self._hidden:
            state = _gelu(state @ kernel + bias)
        if self._encoder:
            state = _gelu(self._encoder(state))
        found = {}
        if self._labels is not None:
            found["i_scores"] = self._confidences(state[-1])[None]
        tags = None
        for tagger in self._taggers:
            ids, scores = tagger(state, tags)
            found[f"e_{tagger.name}_ids"], found[f"e_{tagger.name}_scores"] = ids[None], scores[None]
            tags = ids if tags is None else tags  # the types of entities are an input of roles and groups
        return found

    def _embedded(self, kind: str, features: Sequence[Features]) -> np.ndarray:
        """The rows of the kernel that each row of the features names, weighted and summed."""
        kernel, bias = self._inputs[kind]
        total = np.tile(bias, (features[0].features.shape[0], 1))
        start = 0
        for each in features:
            cells = each.features.tocoo(copy=False)
            order = np.argsort(cells.row, kind="stable")
            filled, begins = np.unique(cells.row[order], return_index=True)
            if len(filled):
                named = kernel[cells.col[order] + start] * cells.data[order].astype(np.float32)[:, None]
                total[filled] += np.add.reduceat(named, begins)
            start += cells.shape[1]
        return total

    def _confidences(self, vector: np.ndarray) -> np.ndarray:
        vector, labels = vector @ self._text[0] + self._text[1], self._labels
        if self._cosine:
            vector, labels = (each / np.linalg.norm(each, axis=-1, keepdims=True) for each in (vector, labels))
        return _softmax(labels @ vector) if self._softmax else labels @ vector


class _Encoder:
    """Rasa's transformer without masks, for there is no padding."""

    def __init__(self, encoder: TransformerEncoder) -> None:
        self._embedding = _dense(encoder._embedding)
        self._angles = np.asarray(encoder._angles, dtype=np.float32)
        self._layers = [_EncoderLayer(each) for each in encoder._enc_layers]
        self._norm = _Norm(encoder._layer_norm)
        self._scale = np.float32(np.sqrt(encoder.units))

    def __call__(self, state: np.ndarray) -> np.ndarray:
        state = (state @ self._embedding[0] + self._embedding[1]) * self._scale
        angles = np.arange(len(state), dtype=np.float32)[:, None] * self._angles
        state[:, 0::2] += np.sin(angles[:, 0::2])
        state[:, 1::2] += np.cos(angles[:, 1::2])
        for layer in self._layers:
            state = layer(state)
        return self._norm(state)


class _EncoderLayer:
    def __init__(self, layer: TransformerEncoderLayer) -> None:
        attention = layer._mha
        self._heads, self._depth = attention.num_heads, attention._depth
        parts = (attention._query_dense_layer, attention._key_dense_layer, attention._value_dense_layer)
        self._projection = np.hstack([_dense(part)[0] for part in parts])
        self._attended = _dense(attention._output_dense_layer)
        self._norm = _Norm(layer._layer_norm)
        norm, inner, _, outer, _ = layer._ffn_layers
        self._inner_norm, self._inner, self._outer = _Norm(norm), _dense(inner), _dense(outer)

    def __call__(self, state: np.ndarray) -> np.ndarray:
        length = len(state)
        projected = (self._norm(state) @ self._projection).reshape(length, 3, self._heads, self._depth)
        query, key, value = projected.transpose(1, 2, 0, 3)
        weights = _softmax(query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(self._depth)))
        attended = (weights @ value).transpose(1, 0, 2).reshape(length, -1)
        state = state + attended @ self._attended[0] + self._attended[1]
        inner = _gelu(self._inner_norm(state) @ self._inner[0] + self._inner[1])
        return state + inner @ self._outer[0] + self._outer[1]


class _Norm:
    def __init__(self, layer: Any) -> None:
        self._gamma, self._beta, self._epsilon = layer.gamma.numpy(), layer.beta.numpy(), layer.epsilon

    def __call__(self, state: np.ndarray) -> np.ndarray:
        centred = state - state.mean(axis=-1, keepdims=True)
        variance = np.square(centred).mean(axis=-1, keepdims=True)
        return centred / np.sqrt(variance + self._epsilon) * self._gamma + self._beta


class _Tagger:
    """Rasa's CRF: the likeliest tags of the tokens, by Viterbi."""

    def __init__(self, name: str, layers: dict[str, Any]) -> None:
        self.name = name
        self._logits = _dense(layers[f"embed.{name}.logits"]._dense)
        tags = layers.get(f"embed.{name}.tags")
        self._tags = _dense(tags._dense) if tags is not None and tags._dense.built else None
        self._transitions = layers[f"crf.{name}"].transition_params.numpy()

    def __call__(self, state: np.ndarray, tags: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """Tags and confidences, shape (tokens + 1,), 0 in the last place; `tags` are those of another tagger."""
        if tags is not None and self._tags is not None:
            state = np.hstack([state, self._tags[0][tags] + self._tags[1]])
        logits = state @ self._logits[0] + self._logits[1]
        tokens = len(logits) - 1
        score, backward, certainty = logits[0], [], []
        for each in logits[1:tokens]:
            paths = score[:, None] + self._transitions
            backward.append(paths.argmax(axis=0))
            certainty.append(_softmax(paths.T).max(axis=-1))
            score = each + paths.max(axis=0)
        ids, scores = np.zeros(tokens + 1, dtype=np.int32), np.zeros(tokens + 1, dtype=np.float32)
        ids[tokens - 1], scores[tokens - 1] = score.argmax(), _softmax(score).max()
        looked_at = ids[tokens - 1]
        for token in range(tokens - 2, -1, -1):
            ids[token] = backward[token][ids[token + 1]]
            scores[token] = certainty[token][looked_at]
            looked_at = int(scores[token])  # sic: Rasa goes on with the confidence where the tag is meant
        return ids, scores


def _dense(layer: Any) -> tuple[np.ndarray, np.ndarray | float]:
    """Kernel and bias; the kernel as it is where weights are left out (`connection_density`)."""
    kernel = layer.kernel.numpy()
    if isinstance(layer, RandomlyConnectedDense) and layer.density < 1.0:
        kernel = kernel * layer.kernel_mask.numpy()
    return kernel, layer.bias.numpy() if layer.use_bias else np.float32(0)


def _gelu(values: np.ndarray) -> np.ndarray:
    return values * np.float32(0.5) * (1 + erf(values * np.float32(np.sqrt(0.5))))


def _softmax(values: np.ndarray) -> np.ndarray:
    powers = np.exp(values - values.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
