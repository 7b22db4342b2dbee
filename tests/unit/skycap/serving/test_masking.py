"""The second and third line: events, stores, logs and streams, each without the first line's help."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import time

import pytest
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from skycap.serving import masking
from skycap.serving.masking import MaskingStream, guard, hide_person, mask_logs, reveal_on, unlogged, withhold
from skycap.vault import Keys, MemoryVault

CANARIES = ("canary@example.com", "４１１１１１１１１１１１１１１１", "4111 1111 1111 1111", "+49 170 1234567")


@pytest.fixture
def vault() -> MemoryVault:
    return MemoryVault(Keys("A" * 43 + "="), 3600)


def said(text: str, **entity: object) -> UserUttered:
    entities = [entity] if entity else []
    return UserUttered(
        text, {"name": "inform"}, entities, {"text": text, "entities": entities, "text_tokens": [(0, 3)]}
    )


class SlowVault(MemoryVault):
    def reveal(self, conversation: str, content: object) -> object:
        time.sleep(0.5)
        return super().reveal(conversation, content)


async def test_a_slow_vault_holds_up_nobody_else() -> None:
    channel, vault = CollectingOutputChannel(), SlowVault(Keys("A" * 43 + "="), 3600)
    reveal_on(channel, "one", vault)
    token = vault.put("one", "NAME", "Ada")
    sending = asyncio.create_task(channel.send_response("one", {"text": f"Hello {token}"}))
    ticks = 0
    while not sending.done():
        await asyncio.sleep(0.01)
        ticks += 1
    assert channel.messages[0]["text"] == "Hello Ada"
    assert ticks > 3  # the loop ran meanwhile


async def test_a_store_writes_no_personal_data_whoever_put_it_there() -> None:
    store = guard(InMemoryTrackerStore(Domain.empty()))
    for canary in CANARIES:
        tracker = DialogueStateTracker.from_events("one", [])
        user = said(f"it is {canary}", entity="name", value=canary, start=6, end=6 + len(canary))
        tracker.model_id = "0123456789abcdef"
        user.metadata = {"from": canary, "assistant_id": canary}
        user.message_id = user.parse_data["message_id"] = canary
        tracker.update(user)
        tracker.update(BotUttered(f"You said {canary}", {"custom": {"rows": [[canary]]}}))
        tracker.update(SlotSet("contact_email", canary))
        tracker.update(SlotSet("passenger_name", "Jordan Smith"))
        tracker.update(SlotSet("trip_last_name", "Jordan"))
        tracker.update(SlotSet("origin", f"near {canary}"))
        tracker.update(SlotSet("session_started_metadata", {"from": canary}))
        await store.save(tracker)
        assert canary not in str(store.store["one"]) and "Jordan" not in str(store.store["one"])


async def test_what_was_written_is_not_masked_again_and_the_journey_stays() -> None:
    store = guard(InMemoryTrackerStore(Domain.empty()))
    tracker = DialogueStateTracker.from_events(
        "one", [said("LH 1234 on 12 March, [EMAIL:1]"), SlotSet("origin", "BER")]
    )
    await store.save(tracker)
    kept = await store.retrieve("one")
    assert kept.events[0].text == "LH 1234 on 12 March, [EMAIL:1]" and kept.events[1].value == "BER"
    await store.save(kept)


def test_a_name_is_hidden_in_what_was_said_once_it_is_known(vault: MemoryVault) -> None:
    vault.put("one", "NAME", "Jordan Smith")
    event = said("it's jordan  smith, from Rome", entity="city", value="Jordan", start=5, end=11)
    reply = BotUttered("I know no place Jordan Smith", {"custom": None}, {"name": "Jordan"})
    remarks = SlotSet("remarks", [{"kind": "unknown_place", "name": "Jordan"}])
    vault.put("one", "NAME", "Jordan")
    hide_person([event, reply, remarks], "one", vault)
    assert reply.text == "I know no place [NAME:1]" and reply.metadata["name"] == "[NAME:2]"
    assert remarks.value[0]["name"] == "[NAME:2]"
    assert event.text == event.parse_data["text"] == "it's [NAME:1], from Rome"
    assert event.entities == [] and "ordan" not in str(event.as_dict())


def test_without_the_vault_nothing_that_was_said_is_kept() -> None:
    event = said("Jordan Smith", entity="city", value="Jordan", start=0, end=6)
    withhold([event])
    assert event.text == "[WITHHELD]" and "Jordan" not in str(event.as_dict())


async def test_a_traveller_reads_their_own_values(vault: MemoryVault) -> None:
    vault.put("one", "EMAIL", "a@b.co")
    channel = CollectingOutputChannel()
    reveal_on(channel, "one", vault)
    message = {"text": "To [EMAIL:1]?", "custom": {"rows": [["E-mail", "[EMAIL:1]"]]}}
    await channel.send_response("one", message)
    assert channel.messages[0]["text"] == "To a@b.co?"
    assert channel.messages[1]["custom"] == {"rows": [["E-mail", "a@b.co"]]}
    assert message["text"] == "To [EMAIL:1]?"  # what becomes an event


@pytest.fixture
def masked_logs(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(logging.Handler, "format", logging.Handler.format)
    monkeypatch.setattr("sys.stdout", io.StringIO())
    monkeypatch.setattr("sys.stderr", io.StringIO())
    mask_logs()


@pytest.mark.parametrize("canary", CANARIES)
def test_no_record_argument_traceback_or_extra_shows_personal_data(masked_logs: None, canary: str) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(message)s %(request)s"))
    logger = logging.Logger("any", logging.DEBUG)
    logger.addHandler(handler)
    try:
        raise ValueError(f"cannot read {canary}")
    except ValueError:
        logger.exception("failed for %s", canary, extra={"request": f"GET /?q={canary}"})
    logger.debug(json.dumps({"parse_data_text": canary}), extra={"request": ""})
    shown = written.getvalue()
    assert "failed for" in shown and canary not in shown and json.dumps(canary).strip('"') not in shown


def test_what_is_printed_is_masked_and_the_words_of_this_turn_too() -> None:
    written = io.StringIO()
    stream = MaskingStream(written)
    with unlogged("my name is Jordan Smith"):
        print("user text: My name is Jordan Smith | city=jordan, a turn", file=stream)
    print("canary@example.com and flight LH 1234", file=stream)
    assert written.getvalue() == "user text: [SAID] | city=[SAID], a turn\n[EMAIL] and flight LH 1234\n"


def test_logs_are_masked_once(masked_logs: None) -> None:
    before = logging.Handler.format
    masking.mask_logs()
    assert logging.Handler.format is before
