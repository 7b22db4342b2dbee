"""Which answer of the FAQ, which small talk: Rasa's ResponseSelector, stored without what only training needs.

In the pipeline's place of ResponseSelector, whose options it takes.
"""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.selectors.response_selector import ResponseSelector


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LeanResponseSelector(ResponseSelector):
    """Rasa's, a third as large on disk."""

    def persist(self) -> None:
        forget_training(self.model)
        super().persist()


def forget_training(network: object | None) -> None:
    """Leave out of what is stored what the optimizer remembers: two more numbers for each weight of the network."""
    if network is not None:
        network._delete_tracking("optimizer")
