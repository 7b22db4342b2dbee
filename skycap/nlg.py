"""Replies: of several wordings the one that this conversation has not heard, or not for the longest time.

Level 2. Rasa picks a wording at random, so a question asked again may sound the same; here wordings are taken in the
order in which domain.yml has them, so the second may explain more than the first.
"""

from __future__ import annotations

import copy
from typing import Any

from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig


class VariedResponses(TemplatedNaturalLanguageGenerator):
    """Rasa's responses of domain.yml, never the same wording twice in a row while there is another one."""

    def __init__(self, endpoint_config: EndpointConfig | None = None, domain: Domain | None = None) -> None:
        super().__init__(domain.responses if domain else {})

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        if utter_action not in self.responses:
            return None
        slots = tracker.current_slot_values()
        suitable = ResponseVariationFilter(self.responses).responses_for_utter_action(
            utter_action, output_channel, slots
        )
        if len(suitable) < 2:
            said: list[str | None] = []
        else:
            said = [
                event.text
                for event in tracker.events
                if isinstance(event, BotUttered) and event.metadata.get("utter_action") == utter_action
            ]
        drafts = [self._fill_response(copy.deepcopy(each), slots, **kwargs) for each in suitable]
        return min(drafts, key=lambda draft: _last_said(draft.get("text"), said), default=None)


def _last_said(text: str | None, said: list[str | None]) -> int:
    """How lately this text was said, -1 when never."""
    return max((index for index, each in enumerate(said) if each == text), default=-1)
