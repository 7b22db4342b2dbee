"""The forward pass of TED in plain numpy: from the states of a dialogue to the next action.

Under networks.py. Reads saved weights and the features of a dialogue's turns; what comes out is what the network's own
`run_inference` returns, without diagnostics.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.core.policies.ted_policy import SENTENCE_FEATURES_TO_ENCODE, STATE_LEVEL_FEATURES
from rasa.shared.nlu.constants import ACTION_NAME, FEATURE_TYPE_SENTENCE, INTENT
from rasa.shared.nlu.training_data.features import Features
from rasa.utils.tensorflow.constants import (
    COSINE,
    FEATURIZERS,
    KEY_RELATIVE_ATTENTION,
    LABEL,
    MODEL_CONFIDENCE,
    NUM_HEADS,
    SIMILARITY_TYPE,
    SOFTMAX,
    VALUE_RELATIVE_ATTENTION,
)
from rasa.utils.tensorflow.model_data import RasaModelData

from skycap.engine.layers import Dense, Encoder, FeedForward, Similarity, SparseDense, Weights, gelu, matrices

DIALOGUE = "dialogue"
ENCODED = (INTENT, ACTION_NAME)  # first what the user meant, then what was done; then what holds during the turn
LABEL_NAMES = f"{LABEL}_{ACTION_NAME}"
UNKNOWN = (KEY_RELATIVE_ATTENTION, VALUE_RELATIVE_ATTENTION, FEATURIZERS)


class Dialogue:
    """One network's forward pass, in TED's place; shapes are (turns, units)."""

    @staticmethod
    def knows(
        config: dict[str, Any],
        data_signature: dict[str, Any],
        label_data: RasaModelData,
        max_history_featurizer_is_used: bool,
        **_: Any,
    ) -> bool:
        """Whether every layer that a network of these options predicts with is known here: no texts, whole history."""
        attributes = set(data_signature) & {*SENTENCE_FEATURES_TO_ENCODE, *STATE_LEVEL_FEATURES}
        features = [data_signature[each].get(FEATURE_TYPE_SENTENCE, ()) for each in attributes]
        return (
            max_history_featurizer_is_used
            and not any(config.get(option) for option in UNKNOWN)
            and set(ENCODED) <= attributes <= {*ENCODED, *STATE_LEVEL_FEATURES}
            and all(len(each) == 1 and each[0].is_sparse for each in features)
            and set(label_data.keys()) == {LABEL, LABEL_NAMES}
            and [each.is_sparse for each in label_data.get(LABEL_NAMES, FEATURE_TYPE_SENTENCE)] == [False]
        )

    def __init__(
        self,
        checkpoint: str | Path,
        config: dict[str, Any],
        data_signature: dict[str, Any],
        label_data: RasaModelData,
        **_: Any,
    ) -> None:
        """Read the weights of a network that `knows` says yes to; arguments as the network's own."""
        weights = Weights(checkpoint)
        attributes = [*ENCODED, *(each for each in data_signature if each in STATE_LEVEL_FEATURES)]
        sparse = "sparse_dense_concat_layer.{}/_tf_layers/sparse_to_dense"
        self._inputs = {each: SparseDense(weights, sparse.format(each)) for each in attributes}
        self._encoded = {each: FeedForward(weights, f"encoding_layer.{each}") for each in ENCODED}
        self._encoder = Encoder(weights, f"transformer.{DIALOGUE}", config[NUM_HEADS])
        self._dialogue = Dense(weights, f"embed.{DIALOGUE}/_dense")
        (names,) = label_data.get(LABEL_NAMES, FEATURE_TYPE_SENTENCE)
        names = np.array([np.asarray(each, dtype=np.float32).ravel() for each in names])
        encoded = FeedForward(weights, f"encoding_layer.{LABEL_NAMES}")(names)
        labels = Dense(weights, f"embed.{LABEL}/_dense")(encoded)
        self._similarity = Similarity(labels, config[SIMILARITY_TYPE] == COSINE, config[MODEL_CONFIDENCE] == SOFTMAX)

    def run_inference(self, dialogues: Sequence[Sequence[dict[str, list[Features]]]]) -> dict[str, np.ndarray]:
        """Similarities and confidences of the actions that may follow, each of shape (dialogues, 1, actions).

        `dialogues`: for each the features of its turns by attribute, the oldest turn first.
        """
        found = [self._similarity(self._vector(turns)) for turns in dialogues]
        similarities, scores = (np.array(each)[:, None] for each in zip(*found, strict=True))
        return {"similarities": similarities, "scores": scores}

    def _vector(self, turns: Sequence[dict[str, list[Features]]]) -> np.ndarray:
        state = np.hstack([self._attribute(name, turns) for name in self._inputs])
        newest = gelu(self._encoder(state[::-1])[0])  # the newest turn first, so that it always has the same position
        return self._dialogue(newest)

    def _attribute(self, name: str, turns: Sequence[dict[str, list[Features]]]) -> np.ndarray:
        """One attribute of each turn; zeros where a turn has none."""
        given = {place: turn[name] for place, turn in enumerate(turns) if turn.get(name)}
        sparse, encoded = self._inputs[name], self._encoded.get(name)
        attribute = np.zeros((len(turns), (encoded or sparse).units), dtype=np.float32)
        for place, features in given.items():
            rows = sparse(matrices(features))
            attribute[place] = (encoded(rows) if encoded else rows)[0]
        return attribute
