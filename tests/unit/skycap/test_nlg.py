"""Wordings: none twice in a row while there is another one."""

from __future__ import annotations

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from skycap.nlg import VariedResponses

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
slots:
  name: {type: text, mappings: [{type: custom}]}
responses:
  utter_ask:
    - text: "Where to, {name}?"
    - text: "Which city, {name}?"
      buttons: [{title: Rome, payload: Rome}]
    - text: "Only on Slack."
      channel: slack
  utter_one:
    - text: "The only one."
"""
)


@pytest.fixture
def tracker() -> DialogueStateTracker:
    return DialogueStateTracker.from_events("ann", [SlotSet("name", "Ann")], DOMAIN.slots)


async def say(tracker: DialogueStateTracker, response: str, channel: str = "web", **words: str) -> str | None:
    message = await VariedResponses(domain=DOMAIN).generate(response, tracker, channel, **words)
    if message is None:
        return None
    tracker.update(BotUttered(message["text"], {}, {"utter_action": response}))
    return message["text"]


async def test_wordings_are_taken_in_their_order_and_then_again(tracker) -> None:
    said = [await say(tracker, "utter_ask") for _ in range(4)]
    assert said == ["Where to, Ann?", "Which city, Ann?"] * 2


async def test_a_wording_filled_with_other_words_may_come_again(tracker) -> None:
    assert await say(tracker, "utter_ask", name="Ben") == "Where to, Ben?"
    assert await say(tracker, "utter_ask", name="Cleo") == "Where to, Cleo?"
    assert await say(tracker, "utter_ask", name="Cleo") == "Which city, Cleo?"


async def test_buttons_and_channels_are_as_rasa_has_them(tracker) -> None:
    message = await VariedResponses(domain=DOMAIN).generate("utter_ask", tracker, "slack")
    assert message["text"] == "Only on Slack."
    await say(tracker, "utter_ask")
    message = await VariedResponses(domain=DOMAIN).generate("utter_ask", tracker, "web")
    assert message["buttons"] == [{"title": "Rome", "payload": "Rome"}]
    assert DOMAIN.responses["utter_ask"][0]["text"] == "Where to, {name}?"


async def test_one_wording_is_said_again_and_an_unknown_response_is_none(tracker) -> None:
    assert [await say(tracker, "utter_one") for _ in range(2)] == ["The only one."] * 2
    assert await say(tracker, "utter_unknown") is None


TRANSLATED = Domain.from_yaml(
    """
version: "3.1"
slots:
  language: {type: text, mappings: [{type: custom}]}
responses:
  utter_both:
    - text: "Hello."
    - text: "Hello on Slack."
      channel: slack
    - text: "Hallo."
      condition: [{type: slot, name: language, value: de}]
    - text: "Guten Tag."
      condition: [{type: slot, name: language, value: de}]
      buttons: [{title: Ja, payload: ja}]
  utter_english:
    - text: "Only in English."
"""
)


def spoken(language: str | None) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("ann", [SlotSet("language", language)], TRANSLATED.slots)


async def all_said(speaker: VariedResponses, name: str, language: str | None, channel: str = "web") -> list[str]:
    tracker, said = spoken(language), []
    for _ in range(3):
        message = await speaker.generate(name, tracker, channel)
        tracker.update(BotUttered(message["text"], {}, {"utter_action": name}))
        said.append(message["text"])
    return said


async def test_wordings_are_those_of_the_slot_language() -> None:
    speaker = VariedResponses(domain=TRANSLATED)
    assert await all_said(speaker, "utter_both", "de") == ["Hallo.", "Guten Tag.", "Hallo."]
    assert await all_said(speaker, "utter_both", "de", "slack") == ["Hallo.", "Guten Tag.", "Hallo."]
    assert set(await all_said(speaker, "utter_both", "en")) == {"Hello."}
    assert set(await all_said(speaker, "utter_both", None, "slack")) == {"Hello on Slack."}


async def test_what_is_not_translated_is_said_in_english_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    speaker = VariedResponses(domain=TRANSLATED)
    assert set(await all_said(speaker, "utter_english", "de")) == {"Only in English."}
    assert set(await all_said(speaker, "utter_both", "fr")) == {"Hello."}
    assert [each.getMessage() for each in caplog.records if each.name == "skycap.nlg"] == [
        "utter_english has no wording in 'de', and is said in English.",
        "utter_both has no wording in 'fr', and is said in English.",
    ]
    caplog.clear()
    await all_said(speaker, "utter_english", "en")
    assert not caplog.records
