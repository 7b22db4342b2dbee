"""Quick actions read an answer as Rasa's own do, and refuse what those refuse."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import ActionExecutionRejection, ActionExtractSlots, RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, SlotSet, UserUttered, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.shared.exceptions import RasaException
from rasa_sdk.interfaces import ActionExecutionRejection as Rejection
from rasa_sdk.interfaces import ActionNotFoundException

from skycap.engine.actions import QuickAction, QuickExtraction, WrittenEvents, events_of

DOMAIN = Domain.from_yaml("""
version: "3.1"
intents: [greet]
slots: {kind: {type: text, mappings: [{type: custom}]}}
actions: [action_search]
responses: {utter_hello: [{text: "hello {name}"}]}
""")
ANSWERS = [
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "kind", "value": "a"}], "responses": [{"text": "hi"}]},
    {"events": [{"event": "followup", "name": "action_listen"}, {"event": "reset_slots", "timestamp": None}]},
    {"responses": [{"response": "utter_hello", "name": "Anna"}]},
    {"events": [{"event": "user", "text": "hi", "parse_data": {"intent": {"name": "greet", "confidence": 1.0}}}]},
    {"events": [{"event": "slot", "name": "kind"}]},
    {"events": [{"event": "slot", "name": 3, "value": "a"}]},
    {"events": [{"event": "no such event"}]},
    {"events": [{"name": "kind", "value": "a"}]},
    {"events": ["slot"]},
    {"events": [{"event": "slot", "name": "kind", "value": "a", "timestamp": "yesterday"}]},
    {"events": {}, "responses": []},
    {"events": [], "responses": ["hello"]},
]


class Endpoint:
    """An action endpoint in this process that answers what it is told to, or raises it."""

    def __init__(self, answer: Any) -> None:
        self.answer, self.heard = answer, None
        self.kwargs: dict[str, Any] = {"enable_selective_domain": True}

    async def call(self, call: dict[str, Any]) -> Any:
        self.heard = call
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def tracker() -> DialogueStateTracker:
    events = [ActionExecuted("action_listen"), UserUttered("hello", {"name": "greet"}), SlotSet("kind", "b")]
    return DialogueStateTracker.from_events("somebody", events, DOMAIN.slots)


def run(endpoint: Endpoint) -> list:
    action = QuickAction("action_search", endpoint)
    nlg = TemplatedNaturalLanguageGenerator(DOMAIN.responses)
    return asyncio.run(action.run(CollectingOutputChannel(), nlg, tracker(), DOMAIN))


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_what_rasa_accepts_is_accepted(answer):
    def accepts(kind: type[RemoteAction]) -> bool:
        try:
            return kind("action_search", None)._validate_action_result(answer)
        except ValidationError:
            return False

    assert accepts(QuickAction) is accepts(RemoteAction)


@pytest.mark.parametrize("answer", ANSWERS[:5], ids=str)
def test_events_are_those_rasa_makes(answer):
    written = answer.get("events", [])
    assert [each.as_dict() | {"timestamp": 0} for each in events_of(written)] == [
        each.as_dict() | {"timestamp": 0} for each in deserialise_events(written)
    ]


def test_replies_and_events_come_back():
    said, slot = run(Endpoint({"events": ANSWERS[1]["events"], "responses": ANSWERS[3]["responses"]}))
    assert isinstance(said, BotUttered) and said.text == "hello Anna"
    assert slot == SlotSet("kind", "a")


def test_an_action_reads_the_same_conversation_as_over_http():
    endpoint = Endpoint({})
    run(endpoint)
    read, over_http = endpoint.heard["tracker"], tracker().current_state(EventVerbosity.ALL)
    times = {"latest_event_time", "latest_message"}
    assert {k: v for k, v in read.items() if k not in {"events", *times}} == {
        k: v for k, v in over_http.items() if k not in {"events", *times}
    }
    assert [each["event"] for each in read["events"]] == [each["event"] for each in over_http["events"]]
    assert (endpoint.heard["next_action"], endpoint.heard["sender_id"]) == ("action_search", "somebody")


def test_events_are_written_where_they_are_read():
    events = WrittenEvents(tracker().events)
    assert len(events) == 3
    assert events[-1]["name"] == "kind"
    assert [each["event"] for each in events[1:]] == ["user", "slot"]
    assert [each["event"] for each in reversed(events)] == ["slot", "user", "action"]
    assert events[0] is next(iter(events))
    with pytest.raises(IndexError):
        events[3]


@pytest.mark.parametrize(
    ("raised", "seen"),
    [
        (Rejection("action_search"), ActionExecutionRejection),
        (ActionNotFoundException("action_search"), RasaException),
    ],
)
def test_failures_are_rasas(raised, seen):
    with pytest.raises(seen):
        run(Endpoint(raised))


CUSTOM = "{type: custom, action: action_read}"
SLOTS = [
    f"kind: {{type: text, mappings: [{CUSTOM}]}}\n  note: {{type: text, mappings: [{CUSTOM}]}}",
    "kind: {type: text, mappings: [{type: custom}]}\n  note: {type: text, mappings: [{type: from_text}]}",
    "kind: {type: text, mappings: [{type: custom, action: action_read, intent: stop}]}",
    "kind: {type: text, mappings: [{type: custom, action: action_read, conditions: [{active_loop: trip_form}]}]}",
]


@pytest.mark.parametrize("ignored", [False, True])
@pytest.mark.parametrize("slots", SLOTS)
def test_slots_are_filled_as_rasa_fills_them(slots, ignored):
    ignores = "ignored_intents: [greet], " if ignored else ""
    domain = Domain.from_yaml(
        f"version: '3.1'\nintents: [greet, stop]\nactions: [action_read]\nslots:\n  {slots}\n"
        f"forms: {{trip_form: {{{ignores}required_slots: [kind]}}}}\n"
    )
    conversation = [ActionExecuted("action_listen"), ActiveLoop("trip_form"), UserUttered("hello", {"name": "greet"})]
    heard: list[str] = []

    async def read(self, name, *_) -> list:
        heard.append(name)
        return [SlotSet("kind", "a"), BotUttered("hi")]

    def filled(kind: type[ActionExtractSlots]) -> tuple:
        heard.clear()
        listening = DialogueStateTracker.from_events("somebody", conversation, domain.slots)
        events = type("Listening", (kind,), {"_run_custom_action": read})(None).run(None, None, listening, domain)
        return [each.as_dict() | {"timestamp": 0} for each in asyncio.run(events)], list(heard)

    assert filled(QuickExtraction) == filled(ActionExtractSlots)
