"""Rasa's neural networks, loaded without training a step and asked with less work.

Reads the weights that `rasa train` saved with Rasa's own components; nothing is registered and config.yml keeps
Rasa's names. DIET, response selectors and TED predict in numpy (skycap/engine/{forward,dialogue}.py) where it knows
their layers, and then TensorFlow runs nothing at all. Else TensorFlow runs the network: `RasaModel.load` runs `fit` on
one example only to create variables of the right shapes, and tracing that training step is most of the time a server
needs to start; one eager pass over the same example creates the same variables. What TED said of a state is kept. Quick
components keep the names of their parents because Rasa names a component's files after its class.
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
from rasa.shared.nlu.constants import INTENT_NAME_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.utils.tensorflow.constants import FEATURIZERS
from rasa.utils.tensorflow.data_generator import RasaBatchDataGenerator
from rasa.utils.tensorflow.model_data import RasaModelData

from skycap.engine.dialogue import Dialogue
from skycap.engine.forward import Forward
from skycap.kept import Kept, fingerprint

STATES = 4_000  # states that TED's answers are kept for, 1 KB each


class ReadQuickly:
    """Mixin before a RasaModel: its `load` gives the network in numpy, where that knows its layers.

    Otherwise it creates the variables by one eager `batch_loss` and loads the weights.
    """

    in_numpy: type[Forward] | type[Dialogue] | None = None

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
        if cls.in_numpy and cls.in_numpy.knows(**kwargs):
            return cls.in_numpy(model_file_name, **kwargs)
        network = cls(*args, **kwargs)
        batch, _ = next(iter(RasaBatchDataGenerator(model_data_example, batch_size=1)))
        network._training = True
        network.batch_loss(batch)
        network._training = None
        status = network.load_weights(str(model_file_name))
        status.assert_existing_objects_matched()
        status.expect_partial()  # the optimizer's variables are saved too, and not needed to predict
        network.run_inference(predict_data_example)  # traces the prediction, so that nobody waits for it later
        return network


class DIET(ReadQuickly, diet_classifier.DIET):
    """The network of intents and entities."""

    in_numpy = Forward


class DIET2BOW(ReadQuickly, response_selector.DIET2BOW):
    """The network that tells answers apart by their names."""

    in_numpy = Forward


class DIET2DIET(ReadQuickly, response_selector.DIET2DIET):
    """The network that reads the texts of the answers (`use_text_as_label`)."""


class TED(ReadQuickly, ted_policy.TED):
    """The network of the next action."""

    in_numpy = Dialogue


class PredictsInNumpy:
    """Mixin before a DIETClassifier: gives a network in numpy the features of a message as they are."""

    def _predict(self, message: Message) -> dict[str, Any] | None:
        if not isinstance(self.model, Forward):
            return super()._predict(message)
        tokens, whole = message._filter_sparse_features(TEXT, self.component_config[FEATURIZERS] or [])
        return self.model(tokens, whole) if tokens and whole else None


class FindsKeysOnce:
    """Mixin before a ResponseSelector: which reply belongs to a label, of which there are some dozens, is found once.

    Rasa looks through all replies for each label of each ranking.
    """

    def _resolve_intent_response_key(self, label: dict[str, Any]) -> str | None:
        keys, name = self.__dict__.setdefault("_keys", {}), label.get(INTENT_NAME_KEY)
        if name not in keys:
            keys[name] = super()._resolve_intent_response_key(label)
        return keys[name]


class Remembers:
    """Mixin before a TEDPolicy: keeps what the network said of a state, for as long as nobody writes end to end."""

    def _create_model_data(self, tracker_state_features: list[Any], *args: Any, **kwargs: Any) -> Any:
        """A network in numpy takes the features of the turns as they are."""
        if isinstance(self.model, Dialogue):
            return tracker_state_features
        return super()._create_model_data(tracker_state_features, *args, **kwargs)

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
    manners: tuple[type, ...] = (PredictsInNumpy,)
    if issubclass(component, ted_policy.TEDPolicy):
        manners = (Remembers,)
    elif issubclass(component, response_selector.ResponseSelector):
        manners = (FindsKeysOnce, PredictsInNumpy)
    members = {"model_class": staticmethod(network), "__module__": __name__}
    return type(component.__name__, (*manners, component), members)
