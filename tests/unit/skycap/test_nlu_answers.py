"""What is stored of a network: its weights, not what its optimizer remembers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from rasa.nlu.selectors.response_selector import ResponseSelector

from skycap.nlu.answers import LeanResponseSelector, forget_training

pytestmark = pytest.mark.filterwarnings("ignore")  # what TensorFlow says about itself


def stored(network: tf.keras.Model, file: Path) -> set[str]:
    network.save_weights(str(file))
    return {name.split("/")[0] for name in tf.train.load_checkpoint(str(file)).get_variable_to_shape_map()}


def test_the_optimizer_is_left_out(tmp_path: Path) -> None:
    network = tf.keras.Sequential([tf.keras.layers.Dense(4, input_shape=(3,))])
    network.compile("adam", "mse")
    network.fit(np.ones((8, 3)), np.ones((8, 4)), verbose=0)
    before = stored(network, tmp_path / "before")
    predicted = network.predict(np.ones((1, 3)), verbose=0)
    forget_training(network)
    assert stored(network, tmp_path / "after") == before - {"optimizer"} != before
    network.load_weights(str(tmp_path / "after")).expect_partial()
    assert np.array_equal(network.predict(np.ones((1, 3)), verbose=0), predicted)


def test_a_selector_without_answers_stores_nothing(monkeypatch) -> None:
    selector = object.__new__(LeanResponseSelector)
    selector.model = None
    calls = []
    monkeypatch.setattr(ResponseSelector, "persist", lambda self: calls.append(self))
    selector.persist()
    assert calls == [selector]
