"""The language of a turn at the door: hints, what is kept of it, and the turns that are about nothing else."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from skycap.serving.languages import CHANGED, UNKNOWN, Languages, answer_of

CONDITION = [{"type": "slot", "name": "language", "value": "de"}]
DOMAIN = Domain.from_dict(
    {
        "slots": {
            name: {"type": "text", "influence_conversation": False, "mappings": [{"type": "custom"}]}
            for name in ("language", "requested_slot")
        },
        "responses": {"utter_trouble": [{"text": "Sorry"}, {"text": "Pardon", "condition": CONDITION}]},
    }
)


@pytest.fixture
def languages() -> Languages:
    node = SimpleNamespace(config={"pipelines": {"en": [], "de": [], "es": []}})
    schema = SimpleNamespace(nodes={"router": node, "cleaner": SimpleNamespace(config={})})
    metadata = SimpleNamespace(language="en", predict_schema=schema)
    return Languages(SimpleNamespace(model_metadata=metadata, domain=DOMAIN))  # type: ignore[arg-type]


@pytest.fixture
def tracker() -> DialogueStateTracker:
    return DialogueStateTracker("one", DOMAIN.slots)


def hear(languages: Languages, tracker: DialogueStateTracker, text: str, **more: Any) -> tuple[dict[str, Any], Any]:
    """What a message is understood as; the tracker goes on with it. Returns its language and the whole-turn parse."""
    message = UserMessage(text, sender_id="one", metadata=more.get("metadata"))
    message.emoji = more.get("emoji", ())
    answered = languages.hear(message, tracker)
    parsed = answered or {"text": message.text, "language": message.metadata["language"]}
    tracker.update(UserUttered(message.text, parse_data=parsed, metadata=message.metadata))
    return message.metadata["language"], answered


def test_the_conversation_goes_on_in_its_language(languages: Languages, tracker: DialogueStateTracker) -> None:
    assert hear(languages, tracker, "ich brauche einen Flug")[0]["home"] == "de"
    assert hear(languages, tracker, "Berlin")[0]["reply"] == "de"
    assert hear(languages, tracker, "I need two seats")[0]["reply"] == "en"
    assert hear(languages, tracker, "2")[0]["reply"] == "de"


@pytest.mark.parametrize(
    ("locale", "reply"), [("es-MX", "es"), ("de", "de"), ("fr-FR", "en"), (["de"], "en"), (None, "en")]
)
def test_a_channel_hints(languages: Languages, tracker: DialogueStateTracker, locale: Any, reply: str) -> None:
    assert hear(languages, tracker, "Berlin", metadata={"locale": locale})[0]["reply"] == reply


def test_what_a_caller_says_of_the_language_is_not_believed(
    languages: Languages, tracker: DialogueStateTracker
) -> None:
    language, _ = hear(languages, tracker, "Berlin", metadata={"language": {"home": "de", "spoken": "de"}})
    assert language["spoken"] == "en"
    tracker.update(UserUttered("to a person", metadata={"language": "de"}))
    assert hear(languages, tracker, "Berlin")[0]["spoken"] == "en"


def test_emoji_are_said_in_the_language(languages: Languages, tracker: DialogueStateTracker) -> None:
    hear(languages, tracker, "ich brauche einen Flug")
    language, _ = hear(languages, tracker, "yes", emoji=("👍",))
    assert (language["reply"], tracker.latest_message.text) == ("de", "ja")


def test_a_wish_and_an_unknown_language_are_turns_of_their_own(
    languages: Languages, tracker: DialogueStateTracker
) -> None:
    language, answered = hear(languages, tracker, "auf Deutsch bitte")
    assert answered["intent"]["name"] == "chitchat" and answered["entities"] == []
    assert (answer_of(tracker), language["reply"]) == ({"response": CHANGED, "of": "de"}, "de")
    languages.turn_to(tracker)
    assert tracker.get_slot("language") == "de"
    hear(languages, tracker, "je voudrais un vol pour demain")
    assert answer_of(tracker) == {"response": UNKNOWN, "of": "fr"}
    _, answered = hear(languages, tracker, "auf Deutsch bitte, zwei Personen")
    assert answered is None and answer_of(tracker) is None


@pytest.mark.parametrize(
    ("asked", "text", "reply"),
    [
        ("passenger_name", "jean claude dubois", "en"),
        ("passenger_name", "anna gut", "en"),
        ("passenger_name", "nur ich bitte", "de"),
        ("passenger_name", "ich heiße Anna Gut", "de"),
        ("passenger_name", "auf Deutsch", "de"),
        ("destination", "nach Wien", "de"),
        ("destination", "villeneuve sur lot", "en"),
    ],
)
def test_a_name_that_was_asked_for_is_of_no_language(
    languages: Languages, tracker: DialogueStateTracker, asked: str, text: str, reply: str
) -> None:
    tracker.update_with_events([ActiveLoop("booking_form"), SlotSet("requested_slot", asked)], DOMAIN)
    language, answered = hear(languages, tracker, text)
    assert language["reply"] == reply and (answered is None) is (language.get("answer") is None)
    assert (language.get("answer") or {}).get("response") != UNKNOWN


def test_what_is_refused_is_refused_in_the_language(languages: Languages, tracker: DialogueStateTracker) -> None:
    message = UserMessage("", sender_id="one")
    assert languages.reply("utter_trouble", message) == "Sorry"
    hear(languages, tracker, "ich brauche einen Flug")
    assert languages.reply("utter_trouble", message) == "Pardon"
    assert languages.reply("utter_trouble", UserMessage("what does it cost", sender_id="one")) == "Sorry"
    assert "isn't working" in languages.reply("utter_nothing", UserMessage("what is it", sender_id="one"))


def test_nobody_is_asked_where_there_is_no_conversation(languages: Languages) -> None:
    message = UserMessage("je voudrais un vol pour demain")
    assert languages.hear(message, None) is None
    assert message.metadata["language"]["reply"] == "en"
