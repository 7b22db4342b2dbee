"""Replies: of several wordings the one that this conversation has not heard, or not for the longest time.

Level 2. Rasa picks a wording at random, so a question asked again may sound the same; here wordings are taken in the
order in which domain.yml has them, so the second may explain more than the first. A wording is in the language of the
slot `language` (skycap/data.py makes the others' wordings conditional); where there is none it is in English.
"""

from __future__ import annotations

import copy
import logging
from typing import Any

from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from skycap.data import LANGUAGE
from skycap.kept import kind_is

logger = logging.getLogger(__name__)
WRITTEN_IN = "en"  # domain.yml


class VariedResponses(TemplatedNaturalLanguageGenerator):
    """Rasa's responses of domain.yml, never the same wording twice in a row while there is another one."""

    def __init__(self, endpoint_config: EndpointConfig | None = None, domain: Domain | None = None) -> None:
        super().__init__(domain.responses if domain else {})
        self._missed: set[tuple[str, str]] = set()

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        if utter_action not in self.responses:
            return None
        slots = tracker.current_slot_values()
        wordings = self._in_language(utter_action, slots.get(LANGUAGE) or WRITTEN_IN)
        suitable = ResponseVariationFilter(wordings).responses_for_utter_action(utter_action, output_channel, slots)
        if len(suitable) < 2:
            said: list[str | None] = []
        else:
            said = [
                event.text
                for event in tracker.events
                if kind_is(type(event), BotUttered) and event.metadata.get("utter_action") == utter_action
            ]
        drafts = [self._fill_response(copy.deepcopy(each), slots, **kwargs) for each in suitable]
        return min(drafts, key=lambda draft: _last_said(draft.get("text"), said), default=None)

    def _in_language(self, name: str, language: str) -> dict[str, list[dict[str, Any]]]:
        """The wordings in this language; Rasa would prefer an English one for the channel to a German one for all."""
        wordings = {
            code: [each for each in self.responses[name] if _language(each) == code] for code in (language, WRITTEN_IN)
        }
        if not wordings[language] and (name, language) not in self._missed:
            self._missed.add((name, language))
            logger.warning(f"{name} has no wording in {language!r}, and is said in English.")
        return {name: wordings[language] or wordings[WRITTEN_IN]}


def _language(wording: dict[str, Any]) -> str:
    """The language of a wording."""
    conditions = wording.get("condition") or ()
    return next((each["value"] for each in conditions if each["name"] == LANGUAGE), WRITTEN_IN)


def _last_said(text: str | None, said: list[str | None]) -> int:
    """How lately this text was said, -1 when never."""
    return max((index for index, each in enumerate(said) if each == text), default=-1)
