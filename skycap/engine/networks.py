"""Rasa's neural networks, loaded without training a step.

Reads the weights that `rasa train` saved with Rasa's own components; nothing is registered and config.yml keeps
Rasa's names. `RasaModel.load` runs `fit` on one example only to create variables of the right shapes, and tracing that
training step is most of the time a server needs to start. One eager pass over the same example creates the same
variables. Quick components keep the names of their parents because Rasa names a component's files after its class.
"""

from __future__ import annotations

from typing import Any

from rasa.core.policies import ted_policy
from rasa.engine.graph import GraphComponent
from rasa.nlu.classifiers import diet_classifier
from rasa.nlu.selectors import response_selector
from rasa.utils.tensorflow.data_generator import RasaBatchDataGenerator
from rasa.utils.tensorflow.model_data import RasaModelData


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
        network.run_inference(predict_data_example)  # traces the prediction, so that the first traveller need not wait
        return network


class DIET(BuiltEagerly, diet_classifier.DIET):
    """The network of intents and entities."""


class DIET2BOW(BuiltEagerly, response_selector.DIET2BOW):
    """The network that tells answers apart by their names."""


class DIET2DIET(BuiltEagerly, response_selector.DIET2DIET):
    """The network that reads the texts of the answers (`use_text_as_label`)."""


class TED(BuiltEagerly, ted_policy.TED):
    """The network of the next action."""


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
    return type(component.__name__, (component,), {"model_class": staticmethod(network), "__module__": __name__})
