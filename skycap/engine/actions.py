"""Rasa's form, slot extraction and custom actions, run with less work.

Under the processor. Rasa builds its validator of an action's answer anew for every call, looks through all classes for
that of each event, and replays the conversation for every step of a form. These do each once, and check as much. An
action endpoint in this process (it has a method `call`) is handed events that are written down where they are read.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import fastjsonschema
from rasa.core.actions.action import (
    Action,
    ActionBotResponse,
    ActionExecutionRejection,
    ActionExtractSlots,
    ActionListen,
    RemoteAction,
    is_retrieval_action,
)
from rasa.core.actions.action import action_for_name_or_text as action_for
from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.constants import IGNORED_INTENTS, UTTER_PREFIX
from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    DEFAULT_SLOT_NAMES,
    REQUESTED_SLOT,
    SlotMappingType,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.shared.utils.schemas.events import EVENT_SCHEMA
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.interfaces import ActionExecutionRejection as Rejection
from rasa_sdk.interfaces import ActionNotFoundException

logger = logging.getLogger(__name__)


def quick(action: Action) -> Action:
    """The same action, with less work where there is a class for it."""
    if type(action) is RemoteAction:
        return QuickAction(action.name(), action.action_endpoint)
    if type(action) is FormAction:
        return QuickForm(action.name(), action.action_endpoint)
    if type(action) is ActionExtractSlots:
        return QuickExtraction(action._action_endpoint)
    return action


def action_named(name: str, domain: Domain, endpoint: EndpointConfig | None) -> Action:
    """The quick action of a name, as Rasa finds it; for most names without making all default actions first.

    Raises ActionNotFoundException when the domain has none.
    """
    if name == ACTION_LISTEN_NAME and name not in domain.user_actions_and_forms:
        return ActionListen()
    if name in domain.user_actions and name not in domain.action_texts:
        if not name.startswith(UTTER_PREFIX):
            return QuickAction(name, endpoint)
        if not is_retrieval_action(name, domain.retrieval_intents):
            return ActionBotResponse(name)
    return quick(action_for(name, domain, endpoint))


def _validator(special: dict[str, Any]) -> Callable[[Any], Any]:
    general = {key: value for key, value in EVENT_SCHEMA.items() if key != "oneOf"}
    schema = {"allOf": [general, special]}
    return fastjsonschema.compile(schema, use_default=False)


# One for each type of event: Rasa's schema says "one of these", and each of these names its type.
VALIDATORS = {each["properties"]["event"]["const"]: _validator(each) for each in EVENT_SCHEMA["oneOf"]}


def _is_valid(event: Any) -> bool:
    kind = event.get("event") if isinstance(event, dict) else None
    if not isinstance(kind, str) or kind not in VALIDATORS:
        return False
    try:
        VALIDATORS[kind](event)
    except fastjsonschema.JsonSchemaValueException:
        return False
    return True


_event_class = cache(Event.resolve_by_type)


def events_of(written: Iterable[dict[str, Any]]) -> list[Event]:
    """What Rasa's `deserialise_events` makes of them. Raises ValueError for a type of event that Rasa does not know."""
    kinds = ((_event_class(each["event"]), each) for each in written if "event" in each)
    events = (kind._from_parameters(each) for kind, each in kinds if kind)
    return [event for event in events if event]


class WrittenEvents(Sequence[dict[str, Any]]):
    """Events as an action reads them, each written as a dictionary when it is first looked at."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._events = list(events)
        self._written: list[dict[str, Any] | None] = [None] * len(self._events)

    def __len__(self) -> int:
        return len(self._events)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self._at(each) for each in range(*index.indices(len(self)))]
        return self._at(index)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return map(self._at, range(len(self)))

    def _at(self, index: int) -> dict[str, Any]:
        written = self._written[index]
        if written is None:
            written = self._written[index] = self._events[index].as_dict()
        return written


class QuickAction(RemoteAction):
    """A custom action; runs in this process where its endpoint does."""

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        call = getattr(self.action_endpoint, "call", None)
        if call is None:
            return await super().run(output_channel, nlg, tracker, domain)
        try:
            answer = await call(self._action_call_format(tracker, domain))
        except Rejection as rejection:
            raise ActionExecutionRejection(rejection.action_name, str(rejection)) from rejection
        except ActionNotFoundException as missing:
            raise RasaException(f"Failed to execute custom action '{self.name()}'") from missing
        self._validate_action_result(answer)
        said = await self._utter_responses(answer.get("responses", []), output_channel, nlg, tracker)
        return [*said, *events_of(answer.get("events", []))]

    def _action_call_format(self, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
        if not hasattr(self.action_endpoint, "call"):
            return super()._action_call_format(tracker, domain)
        call = {
            "next_action": self.name(),
            "sender_id": tracker.sender_id,
            "tracker": {**tracker.current_state(), "events": WrittenEvents(tracker.events)},
        }
        if domain.does_custom_action_explicitly_need_domain(self.name()):
            call["domain"] = domain.as_dict()
        return call

    def _validate_action_result(self, result: dict[str, Any]) -> bool:
        events, responses = result.get("events", []), result.get("responses", [])
        if (
            isinstance(events, list)
            and all(map(_is_valid, events))
            and all(isinstance(each, dict) for each in responses)
        ):
            return True
        return super()._validate_action_result(result)  # raises, and says what is wrong


class QuickForm(FormAction):
    """A form whose steps copy the tracker instead of replaying the conversation."""

    def _temporary_tracker(
        self, current_tracker: DialogueStateTracker, additional_events: list[Event], domain: Domain
    ) -> DialogueStateTracker:
        if current_tracker.idx_after_latest_restart():
            return super()._temporary_tracker(current_tracker, additional_events, domain)
        tracker = current_tracker.copy()
        asked = SlotSet(REQUESTED_SLOT, self.get_slot_to_fill(current_tracker))
        for event in [asked, ActionExecuted(self.name()), *additional_events]:
            tracker.update(event, domain)
        return tracker

    async def validate_slots(
        self,
        slot_candidates: dict[str, Any],
        tracker: DialogueStateTracker,
        domain: Domain,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
    ) -> list[Event]:
        name = f"validate_{self.name()}"
        if name not in domain.action_names_or_texts:
            return []
        events = [SlotSet(slot, value) for slot, value in slot_candidates.items()]
        temporary = self._temporary_tracker(tracker, events, domain)
        return await QuickAction(name, self.action_endpoint).run(output_channel, nlg, temporary, domain)

    async def _validate_if_required(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
    ) -> list[Event]:
        listened = tracker.latest_action_name == ACTION_LISTEN_NAME
        if not tracker.active_loop or (listened and not tracker.is_active_loop_interrupted):
            return await self.validate(tracker, domain, output_channel, nlg)
        return await self.validate_slots({}, tracker, domain, output_channel, nlg)

    async def _ask_for_slot(
        self,
        domain: Domain,
        nlg: NaturalLanguageGenerator,
        output_channel: OutputChannel,
        slot_name: str,
        tracker: DialogueStateTracker,
    ) -> list[Event]:
        name = self._name_of_utterance(domain, slot_name)
        if name is None:
            return []
        return await action_named(name, domain, self.action_endpoint).run(output_channel, nlg, tracker, domain)

    async def activate(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        extracted = await QuickExtraction(self.action_endpoint).run(output_channel, nlg, tracker, domain)
        tracker.update_with_events(extracted, domain)
        slots = [event for event in extracted if isinstance(event, SlotSet)]
        if f"validate_{self.name()}" not in domain.action_names_or_texts:
            return slots
        filled = {name: tracker.get_slot(name) for name in self.required_slots(domain)}
        filled = {name: value for name, value in filled.items() if value is not None}
        validated = await self.validate_slots(filled, tracker, domain, output_channel, nlg)
        names = {event.key for event in validated if isinstance(event, SlotSet)}
        return [*validated, *(event for event in slots if event.key not in names)]


def _filled_by(domain: Domain) -> list[str] | None:
    """The actions that fill slots, where nothing else fills one and none has conditions; None where it is not so."""
    if any(form.get(IGNORED_INTENTS) for form in domain.forms.values()):
        return None
    mappings = [each for slot in domain.slots if slot.name not in DEFAULT_SLOT_NAMES for each in slot.mappings]
    custom = str(SlotMappingType.CUSTOM)
    if any(each.get("type") != custom or not each.keys() <= {"type", "action"} for each in mappings):
        return None
    return list(dict.fromkeys(each["action"] for each in mappings if each.get("action")))


class QuickExtraction(ActionExtractSlots):
    """The filling of slots from a message."""

    _filling: tuple[Domain, list[str] | None] | None = None  # for a domain, what `_filled_by` says of it

    def _filled_in(self, domain: Domain) -> list[str] | None:
        if self._filling is None or self._filling[0] is not domain:
            self._filling = domain, _filled_by(domain)
        return self._filling[1]

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        actions = self._filled_in(domain)
        if actions is None:
            return await super().run(output_channel, nlg, tracker, domain)
        events: list[Event] = []
        for action in actions:
            events += await self._run_custom_action(action, output_channel, nlg, tracker, domain)
        return await self._execute_validation_action(events, output_channel, nlg, tracker, domain)

    async def _run_custom_action(
        self,
        custom_action: str,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        try:
            events = await QuickAction(custom_action, self._action_endpoint).run(output_channel, nlg, tracker, domain)
        except (RasaException, ClientResponseError) as error:
            logger.warning("%s could not fill slots: %s", custom_action, type(error).__name__)
            return []
        return [event for event in events if isinstance(event, (SlotSet, BotUttered))]
