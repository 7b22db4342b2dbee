"""Replies wait for the commit; ids of messages are safe to store and stay apart."""

from __future__ import annotations

import uuid

import pytest
from rasa.core.channels.channel import CollectingOutputChannel

from skycap.ingest import shield_data
from skycap.serving.replies import held_back, safe_id


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
