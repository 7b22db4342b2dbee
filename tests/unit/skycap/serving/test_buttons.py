"""What leaves is signed, what comes back are words, and conversations keep plain words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from skycap.buttons import OldButton
from skycap.serving.buttons import prove_current, read_press, sign_on
from skycap.settings import settings

ME = "somebody"
YES = {"title": "Yes", "payload": "yes"}


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SKYCAP_VAULT_KEY", Fernet.generate_key().decode())
    settings.cache_clear()
    yield
    settings.cache_clear()


async def shown(button: dict[str, str], message_id: str) -> str:
    """The payload of a button shown in the turn of this message."""
    message = UserMessage("hello", CollectingOutputChannel(), ME, message_id=message_id)
    sign_on(message)
    reply = {"text": "Book it?", "buttons": [button]}
    await message.output_channel.send_response(ME, reply)
    assert reply["buttons"] == [button]  # the event shares it
    return message.output_channel.messages[0]["buttons"][0]["payload"]


def pressed(payload: str) -> UserMessage:
    message = UserMessage(payload, CollectingOutputChannel(), ME)
    read_press(message)
    return message


async def store_of(*events: Event) -> InMemoryTrackerStore:
    store = InMemoryTrackerStore(Domain.empty())
    await store.save(DialogueStateTracker.from_events(ME, list(events), store.domain.slots))
    return store


def turn(message_id: str, *buttons: dict[str, str]) -> list[Event]:
    return [UserUttered("hello", message_id=message_id), BotUttered("Book it?", {"buttons": list(buttons) or None})]


async def test_a_press_is_its_words_and_has_an_id_of_its_own() -> None:
    payload = await shown(YES, "m1")
    message = pressed(payload)
    assert (message.text, payload[:5]) == ("yes", "yes~~")
    assert message.message_id == pressed(payload).message_id == f"button {payload[5:]}"


async def test_a_button_without_a_payload_sends_its_title() -> None:
    assert pressed(await shown({"title": "Rome"}, "m1")).text == "Rome"


@pytest.mark.parametrize("text", ["yes", "", None, ()])
def test_what_is_typed_stays(text: object) -> None:
    message = UserMessage("x", CollectingOutputChannel(), ME, message_id="m9")
    message.text = text
    read_press(message)
    assert (message.text, message.message_id) == (text, "m9")


async def test_it_counts_while_nothing_newer_was_offered() -> None:
    message = pressed(await shown(YES, "m1"))
    await prove_current(message, await store_of(*turn("m1", YES)))
    await prove_current(message, await store_of(*turn("m1", YES), *turn("m2")))
    for events in ([], turn("m1"), [*turn("m1", YES), *turn("m2", YES)]):
        with pytest.raises(OldButton):
            await prove_current(message, await store_of(*events))


async def test_the_last_message_may_come_twice() -> None:
    message = pressed(await shown(YES, "m1"))
    await prove_current(message, await store_of(*turn("m1", YES), *turn(message.message_id, YES)))
    with pytest.raises(OldButton):
        await prove_current(message, await store_of(*turn("m1", YES), *turn(message.message_id, YES), *turn("m3")))


async def test_typed_words_need_no_proof() -> None:
    await prove_current(pressed("yes"), await store_of(*turn("m1", YES), *turn("m2", YES)))
