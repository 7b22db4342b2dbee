"""A fallback that listens to details: "tomorrow, from Oslo" is understood whatever the intent model makes of it, and
so is "booking KLMNPQ, Smith".

Last step of the pipeline: reads intent ranking and text, writes `nlu_fallback` when neither the model is sure nor the
sentence says anything of a trip.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from flights.reading import Context, says_something
from flights.reading.proof import read_reference

CARRY_DETAILS = ("search_flights", "inform", "more_options", "choose_flight")
CARRY_REFERENCES = ("retrieve_booking", "change_booking", "cancel_booking")
SURE = 0.6  # from here on out of scope is believed even of a sentence that names a city
ANY_DAY = date(2026, 1, 1)  # whether a sentence names a day does not depend on today


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class DetailsFallbackClassifier(FallbackClassifier):
    """Rasa's FallbackClassifier; a sentence with a detail of a trip gets the likeliest intent that carries one.

    The threshold is the one that training found for the stated cost (`ask_below`, skycap/nlu/joint.py); the option
    `threshold` counts where the classifier before it brings none. Option `language`: a code, default `en`.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**FallbackClassifier.get_default_config(), "language": "en"}

    def _should_fallback(self, message: Message) -> bool:
        ask_below = message.get("ask_below")
        if ask_below is None:
            return super()._should_fallback(message)
        return (message.get(INTENT) or {}).get(PREDICTED_CONFIDENCE_KEY, 0.0) < ask_below

    def process(self, messages: list[Message]) -> list[Message]:
        messages = super().process(messages)
        language = self.component_config["language"]
        for message in messages:
            intent = message.get(INTENT) or {}
            refused = intent.get(INTENT_NAME_KEY) == "out_of_scope" and intent[PREDICTED_CONFIDENCE_KEY] < SURE
            text = message.get(TEXT) or ""
            # "One person" says how many fly; "a person, please" names no number.
            counted = intent.get(INTENT_NAME_KEY) == "handoff" and len(text.split()) <= 3
            if intent.get(INTENT_NAME_KEY) != DEFAULT_NLU_FALLBACK_INTENT_NAME and not refused and not counted:
                continue
            carriers: tuple[str, ...] = ()
            if read_reference(text, Context(today=ANY_DAY, language=language)):
                carriers = CARRY_REFERENCES
            elif says_something(text, today=ANY_DAY, language=language):
                carriers = CARRY_DETAILS
            likely = [each for each in message.get(INTENT_RANKING_KEY) or () if each[INTENT_NAME_KEY] in carriers]
            if likely:
                best = max(likely, key=lambda each: each[PREDICTED_CONFIDENCE_KEY])
                message.set(INTENT, best, add_to_output=True)
        return messages
