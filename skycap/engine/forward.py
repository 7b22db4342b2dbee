"""The forward pass of DIET in plain numpy, for one message at a time.

Under networks.py. Reads saved weights and a message's sparse features; what comes out is what the network's own
`run_inference` returns, without diagnostics. On one short message TensorFlow spends nearly all its time on the
bookkeeping of some hundred small operations; the arithmetic itself takes a fraction of a millisecond.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.nlu.classifiers.diet_classifier import DIET
from rasa.nlu.extractors.extractor import EntityTagSpec
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.utils.tensorflow.constants import (
    COSINE,
    ENTITY_RECOGNITION,
    INTENT_CLASSIFICATION,
    KEY_RELATIVE_ATTENTION,
    LABEL,
    MODEL_CONFIDENCE,
    NUM_HEADS,
    SHARE_HIDDEN_LAYERS,
    SIMILARITY_TYPE,
    SOFTMAX,
    UNIDIRECTIONAL_ENCODER,
    VALUE_RELATIVE_ATTENTION,
)
from rasa.utils.tensorflow.model_data import RasaModelData

from skycap.engine.layers import Dense, Encoder, FeedForward, Similarity, SparseDense, Weights, gelu, matrices, softmax

KINDS = (FEATURE_TYPE_SEQUENCE, FEATURE_TYPE_SENTENCE)
UNKNOWN = (KEY_RELATIVE_ATTENTION, VALUE_RELATIVE_ATTENTION, UNIDIRECTIONAL_ENCODER, SHARE_HIDDEN_LAYERS)


class Forward:
    """One network's forward pass; shapes below are (tokens + 1, units): the last row stands for the whole message."""

    @staticmethod
    def knows(config: dict[str, Any], data_signature: dict[str, Any], label_data: RasaModelData, **_: Any) -> bool:
        """Whether every layer that a network of these options predicts with is known here."""
        signature = data_signature[TEXT]
        sparse = all(len(signature.get(kind, ())) == 1 and signature[kind][0].is_sparse for kind in KINDS)
        labels = label_data.get(LABEL) or {}
        return (
            sparse
            and not any(config.get(option) for option in UNKNOWN)
            and not labels.get(FEATURE_TYPE_SENTENCE)
            and all(each.is_sparse for each in labels.get(FEATURE_TYPE_SEQUENCE, ()))
        )

    def __init__(
        self,
        checkpoint: str | Path,
        config: dict[str, Any],
        data_signature: dict[str, Any],
        label_data: RasaModelData,
        entity_tag_specs: list[EntityTagSpec] | None,
    ) -> None:
        """Read the weights of a network that `knows` says yes to; arguments as the network's own."""
        weights = Weights(checkpoint)
        sequence = f"sequence_layer.{TEXT}/_tf_layers"
        combining = f"{sequence}/feature_combining/_tf_layers/sparse_dense.{{}}/_tf_layers/sparse_to_dense"
        self._inputs = {kind: SparseDense(weights, combining.format(kind)) for kind in KINDS}
        self._hidden = FeedForward(weights, f"{sequence}/ffnn")
        encoder = f"{sequence}/transformer"
        self._encoder = None
        if weights.has(f"{encoder}/_embedding"):
            self._encoder = Encoder(weights, encoder, config[NUM_HEADS])
        self._similarity = None
        if config[INTENT_CLASSIFICATION]:
            self._text = Dense(weights, f"embed.{TEXT}/_dense")
            cosine, confident = config[SIMILARITY_TYPE] == COSINE, config[MODEL_CONFIDENCE] == SOFTMAX
            self._similarity = Similarity(_labels(weights, label_data), cosine, confident)
        specs = DIET._ordered_tag_specs(entity_tag_specs) if config[ENTITY_RECOGNITION] else []
        self._taggers = [_Tagger(weights, spec.tag_name) for spec in specs if spec.num_tags]

    def __call__(self, tokens: Sequence[Features], message: Sequence[Features]) -> dict[str, np.ndarray]:
        """Confidences of labels, tags and their confidences, each with a first axis of length 1.

        Args:
            tokens: the sparse features of the tokens, each of shape (tokens, its own width).
            message: those of the whole message, each of shape (1, its own width).
        """
        rows = [self._inputs[kind](matrices(given)) for kind, given in zip(KINDS, (tokens, message), strict=True)]
        state = self._hidden(np.concatenate(rows))
        if self._encoder:
            state = gelu(self._encoder(state))
        found = {}
        if self._similarity:
            found["i_scores"] = self._similarity(self._text(state[-1]))[1][None]
        tags = None
        for tagger in self._taggers:
            ids, scores = tagger(state, tags)
            found[f"e_{tagger.name}_ids"], found[f"e_{tagger.name}_scores"] = ids[None], scores[None]
            tags = ids if tags is None else tags  # the types of entities are an input of roles and groups
        return found


def _labels(weights: Weights, label_data: RasaModelData) -> np.ndarray:
    """The embeddings of all labels, shape (labels, units), from the features of their names' words."""
    layer = (
        f"feature_combining_layer.{LABEL}/_tf_layers/sparse_dense.{FEATURE_TYPE_SEQUENCE}/_tf_layers/sparse_to_dense"
    )
    embedded, hidden = SparseDense(weights, layer), FeedForward(weights, f"ffnn.{LABEL}")
    words = zip(*label_data.get(LABEL, FEATURE_TYPE_SEQUENCE), strict=True)
    return Dense(weights, f"embed.{LABEL}/_dense")(hidden(np.array([embedded(each).sum(axis=0) for each in words])))


class _Tagger:
    """Rasa's CRF: the likeliest tags of the tokens, by Viterbi."""

    def __init__(self, weights: Weights, name: str) -> None:
        self.name = name
        self._logits = Dense(weights, f"embed.{name}.logits/_dense")
        tags = f"embed.{name}.tags/_dense"
        self._tags = Dense(weights, tags) if weights.has(tags) else None
        self._transitions = weights.get(f"crf.{name}", "transitions")

    def __call__(self, state: np.ndarray, tags: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """Tags and confidences, shape (tokens + 1,), 0 in the last place; `tags` are those of another tagger."""
        if tags is not None and self._tags is not None:
            state = np.hstack([state, self._tags.kernel[tags] + self._tags.bias])
        logits = self._logits(state)
        tokens = len(logits) - 1
        score, backward, certainty = logits[0], [], []
        for each in logits[1:tokens]:
            paths = score[:, None] + self._transitions
            backward.append(paths.argmax(axis=0))
            certainty.append(softmax(paths.T).max(axis=-1))
            score = each + paths.max(axis=0)
        ids, scores = np.zeros(tokens + 1, dtype=np.int32), np.zeros(tokens + 1, dtype=np.float32)
        ids[tokens - 1], scores[tokens - 1] = score.argmax(), softmax(score).max()
        looked_at = ids[tokens - 1]
        for token in range(tokens - 2, -1, -1):
            ids[token] = backward[token][ids[token + 1]]
            scores[token] = certainty[token][looked_at]
            looked_at = int(scores[token])  # sic: Rasa goes on with the confidence where the tag is meant
        return ids, scores
