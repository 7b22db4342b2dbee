"""Rasa's neural networks, loaded without training a step and asked with less work.

Reads the weights that `rasa train` saved with Rasa's own components; nothing is registered and config.yml keeps
Rasa's names. `RasaModel.load` runs `fit` on one example only to create variables of the right shapes, and tracing that
training step is most of the time a server needs to start. One eager pass over the same example creates the same
variables. DIET and response selectors then predict in numpy (skycap/engine/forward.py), where it knows their layers;
what TED said of a state is kept. Quick components keep the names of their parents because Rasa names a component's
files after its class.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from rasa.core.featurizers.precomputation import MessageContainerForCoreFeaturization
from rasa.core.policies import ted_policy
from rasa.core.policies.policy import PolicyPrediction
from rasa.engine.graph import GraphComponent
from rasa.nlu.classifiers import diet_classifier
from rasa.nlu.selectors import response_selector
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.utils.tensorflow.constants import FEATURIZERS
from rasa.utils.tensorflow.data_generator import RasaBatchDataGenerator
from rasa.utils.tensorflow.model_data import RasaModelData

from skycap.engine import forward
from skycap.engine.forward import Forward
from skycap.kept import Kept, fingerprint

STATES = 4_000  # states that TED's answers are kept for, 1 KB each


class BuiltEagerly:
    """Mixin before a RasaModel: creates its variables by one eager `batch_loss`, then loads the weights."""

    @classmethod
    def load(
        cls,
        model_file_name: str,
        model_data_example: RasaModelData,
        predict_data_example: RasaModelData,
        *args: Any,
        finetune_mode: bool = False,
        **kwargs: Any,
    ) -> Any:
        """The network with its trained weights. Raises AssertionError when a weight of the network was not saved."""
        network = cls(*args, **kwargs)
        batch, _ = next(iter(RasaBatchDataGenerator(model_data_example, batch_size=1)))
        network._training = True
        network.batch_loss(batch)
        network._training = None
        status = network.load_weights(str(model_file_name))
        status.assert_existing_objects_matched()
        status.expect_partial()  # the optimizer's variables are saved too, and not needed to predict
        if forward.is_supported(network):
            network.prepare_for_predict()
        else:
            network.run_inference(predict_data_example)  # traces the prediction, so that nobody waits for it later
        return network


class DIET(BuiltEagerly, diet_classifier.DIET):
    """The network of intents and entities."""


class DIET2BOW(BuiltEagerly, response_selector.DIET2BOW):
    """The network that tells answers apart by their names."""


class DIET2DIET(BuiltEagerly, response_selector.DIET2DIET):
    """The network that reads the texts of the answers (`use_text_as_label`)."""


class TED(BuiltEagerly, ted_policy.TED):
    """The network of the next action."""


class PredictsInNumpy:
    """Mixin before a DIETClassifier: predicts in numpy where the network's layers are known."""

    _forward: Forward | None = None

    def _predict(self, message: Message) -> dict[str, Any] | None:
        if self._forward is None and self.model is not None and forward.is_supported(self.model):
            self._forward = Forward(self.model)
        featurizers = self.component_config[FEATURIZERS] or []
        tokens, whole = message._filter_sparse_features(TEXT, featurizers)
        dense = any(message._filter_dense_features(TEXT, featurizers))
        if self._forward is None or dense or not tokens or not whole:
            return super()._predict(message)
        return self._forward(tokens, whole)


class Remembers:
    """Mixin before a TEDPolicy: keeps what the network said of a state, for as long as nobody writes end to end."""

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        precomputations: MessageContainerForCoreFeaturization | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        ask = super().predict_action_probabilities
        if self.model is None or self.only_e2e or TEXT in self.fake_features:
            return ask(tracker, domain, rule_only_data, precomputations, **kwargs)
        states = self._prediction_states(tracker, domain, rule_only_data=rule_only_data)
        key = fingerprint(json.dumps(states, sort_keys=True))
        answers = self.__dict__.setdefault("_answers", Kept(STATES))
        answer = answers.get(key, lambda: np.array(ask(tracker, domain, rule_only_data, precomputations).probabilities))
        return self._prediction(answer.tolist())


def _diet() -> type[DIET]:
    return DIET


def _selector(use_text_as_label: bool) -> type[DIET]:
    return DIET2DIET if use_text_as_label else DIET2BOW


def _ted() -> type[TED]:
    return TED


# The quick network of each of Rasa's components, known by the method that names its network.
NETWORKS = {
    diet_classifier.DIETClassifier.model_class: _diet,
    response_selector.ResponseSelector.model_class: _selector,
    ted_policy.TEDPolicy.model_class: _ted,
}


def quick(component: type[GraphComponent]) -> type[GraphComponent]:
    """The component over its quick network, where there is one; subclasses of Rasa's count too."""
    network = NETWORKS.get(getattr(component, "model_class", None))
    if network is None:
        return component
    manner = Remembers if issubclass(component, ted_policy.TEDPolicy) else PredictsInNumpy
    members = {"model_class": staticmethod(network), "__module__": __name__}
    return type(component.__name__, (manner, component), members)
