"""The cleaning of `skycap/ingest.py`, once more, as the first step of the pipeline.

Reads and writes the text of a message. A channel's message comes here clean and stays as it is; `rasa shell`,
`rasa test nlu` and `/model/parse` of plain Rasa come past no channel of ours and are understood alike.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from skycap.cleaning import clean


# A "featurizer" is what the recipe calls a step that changes messages in training, too; Rasa's own SpacyNLP is one.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class TextCleaner(GraphComponent):
    """Cleans the text of messages; what the bot would refuse to read becomes empty."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TextCleaner:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT):
                message.set(TEXT, clean(message.get(TEXT)).text)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Clean the examples without entities; the spans of the others hold for the text as it was written."""
        self.process([each for each in training_data.training_examples if not each.get(ENTITIES)])
        return training_data
