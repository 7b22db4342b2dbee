"""Replies wait for the commit; ids of messages are safe to store and stay apart."""

from __future__ import annotations

import uuid

import pytest
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from skycap.ingest import shield_data
from skycap.serving.replies import held_back, safe_id, said_again


async def test_replies_leave_at_the_end_in_order() -> None:
    channel = CollectingOutputChannel()
    async with held_back(channel):
        for text in ("one", "two"):
            await channel.send_response("somebody", {"text": text})
        assert channel.messages == []
    assert [each["text"] for each in channel.messages] == ["one", "two"]
    await channel.send_response("somebody", {"text": "three"})
    assert len(channel.messages) == 3


async def test_of_a_turn_that_fails_nothing_leaves() -> None:
    channel = CollectingOutputChannel()
    with pytest.raises(OSError):
        async with held_back(channel):
            await channel.send_response("somebody", {"text": "booked!"})
            raise OSError
    assert channel.messages == []


def test_ids_that_look_like_numbers_of_people_stay_apart() -> None:
    phones = [f"+1415555{number:04}" for number in range(500)]
    kept = [safe_id(each) for each in phones]
    assert len(set(kept)) == len(phones)
    assert all(shield_data(each) == each for each in kept)
    assert safe_id("wamid.HBgL") == "wamid.HBgL" and safe_id(None) is None


def test_random_ids_survive_masking() -> None:
    for _ in range(2000):
        kept = safe_id(uuid.uuid4().hex)
        assert shield_data(kept) == kept


class Asked:
    """A store that answered every message before."""

    async def replies(self, conversation: str, message_id: str) -> list[dict]:
        return [{"text": "again"}]


async def test_only_an_id_that_somebody_sent_is_looked_for() -> None:
    sent, drawn = (UserMessage("hi", CollectingOutputChannel(), "one", message_id=each) for each in ("m-1", None))
    drawn.made_up = drawn.message_id
    assert await said_again(sent, Asked()) and [each["text"] for each in sent.output_channel.messages] == ["again"]
    assert not await said_again(drawn, Asked()) and not drawn.output_channel.messages
    drawn.message_id = "press"  # a button's token takes its place
    assert await said_again(drawn, Asked())
