"""Sentences are known by the step that wrote into them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from rasa.engine.caching import CACHE_SIZE_ENV, LocalTrainingCache
from rasa.engine.training.components import PrecomputedValueProvider
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from skycap.nlu.tracing import Traced, Tracing


@pytest.mark.parametrize("uses", (object, PrecomputedValueProvider))
def test_a_step_leaves_its_fingerprint_and_what_was_given_has_that_of_its_content(monkeypatch, uses) -> None:
    monkeypatch.setenv(CACHE_SIZE_ENV, "0")
    said = [Message({"text": "hello", "intent": "greet"})]
    sentences = Traced(said)
    given = sentences.fingerprint()
    assert given == TrainingData(said).fingerprint()
    schema = SimpleNamespace(nodes={"step": SimpleNamespace(uses=uses)})
    hook = Tracing(LocalTrainingCache(), None, schema)
    hook.on_after_node("step", None, {}, sentences, {"fingerprint_key": "of the step"})
    assert sentences.fingerprint() == ("of the step" if uses is object else given)
