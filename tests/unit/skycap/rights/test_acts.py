"""Erase, export, expire on SQLite and PostgreSQL."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered

from flights import bookings
from skycap.handoffs import HandoffQueue
from skycap.rights import Places, erase, erase_conversation, expire, export, open_places, save
from skycap.state.analytics.tables import OF_A_CONVERSATION
from skycap.vault import hashed
from tests.unit.skycap.rights.conftest import ADA, BOB, NOW, TODAY, Server
from tests.unit.skycap.state.talks import MARCH_2

FIGURES = tuple(table.name for table in OF_A_CONVERSATION)
TABLES = ("events", "handoffs", "handoff_lines", "proof_attempts", "bookings", "booking_events", *FIGURES)


def counts(receipt) -> dict[tuple[str, str], int]:
    rows = {}
    for row in receipt:
        rows[row.store, row.did] = rows.get((row.store, row.did), 0) or row.count
    return rows


def everything(server: Server, places: Places) -> str:
    """All there is, decrypted, as text: what a search would go through."""
    said = [str(server.rows(table)) for table in TABLES]
    return " ".join([*said, *(value for _, _, value in places.vault.values())])


@pytest.mark.parametrize("subject", ["ada-talk", "ada@example.COM", " ada@example.com "])
def test_erase_then_search_finds_the_other_traveller_only(two: Server, opened: Places, subject: str) -> None:
    receipt = counts(erase(opened, subject, TODAY))
    assert receipt["conversations", "removed"] == 4 and receipt["vault", "removed"] == 3
    assert receipt["handoffs", "removed"] == receipt["handoff_lines", "removed"] == 1
    assert receipt["proof_attempts", "removed"] == 1 and receipt["analytics", "removed"] == 8
    assert receipt["bookings", "blanked"] == receipt["booking_events", "blanked"] == receipt["bookings", "kept"] == 1
    left = everything(two, opened)
    for value in (*ADA.values(), "ada-talk", hashed("ada-talk"), "changed for K7QX2M"):
        assert value.casefold() not in left.casefold().replace("nada@", ""), value
    for value in (*BOB.values(), "bob-talk", "changed for B2B2B2"):
        assert value in left, value
    for table in FIGURES:
        assert {row.conversation for row in two.rows(table)} == {hashed("bob-talk")}, table


def test_a_conversation_called_like_an_address_erases_that_conversation_alone(two: Server, opened: Places) -> None:
    two.talk("ada@example.com", ["hello"])  # whoever opens one under her address must not reach what is hers
    receipt = counts(erase_conversation(opened, "ada@example.com", TODAY))
    assert receipt["conversations", "removed"] == 2 and receipt["bookings", "blanked"] == 0
    left = everything(two, opened)
    assert all(value in left for value in (*ADA.values(), "ada-talk", *BOB.values(), "bob-talk"))


def test_a_second_run_finds_nothing(opened: Places) -> None:
    erase(opened, "ada@example.com", TODAY)
    for subject in ("ada@example.com", "ada-talk"):
        again = [row for row in erase(opened, subject, TODAY) if row.did in ("removed", "blanked", "kept")]
        assert len(again) == 10 and not any(row.count for row in again)


def test_a_booking_keeps_what_the_accounts_need_and_nobody_owns_it(two: Server, opened: Places) -> None:
    before = bookings.get(two.engine, "K7QX2M")
    receipt = erase(opened, "ada-talk", TODAY)
    kept = bookings.get(two.engine, "K7QX2M")
    same = ("reference", "state", "total_cents", "currency", "departure_date", "created_at", "offer_id", "passengers")
    assert all(getattr(kept, name) == getattr(before, name) for name in same)
    assert kept.passenger_name is kept.contact_email is kept.contact_phone is None
    assert bookings.find(two.engine, "K7QX2M", "Lovelace") is None
    assert bookings.last_booking(two.engine, "ada-talk") is None
    why = {row.why for row in receipt if row.store == "bookings" and row.did == "kept" and row.count}
    assert len(why) == 2 and any("accounts" in each for each in why) and any("last name" in each for each in why)


def test_the_receipt_names_nobody_and_is_json(opened: Places) -> None:
    lines = [json.loads(str(row)) for row in erase(opened, "ada@example.com", TODAY)]
    assert all(set(each) == {"store", "did", "what", "count", "why"} for each in lines)
    assert "ada" not in json.dumps(lines).casefold().replace("data", "")


def test_an_address_finds_what_only_one_store_links_to_it(server: Server) -> None:
    server.talk("only-vault", ["hello"])
    server.vault.put("only-vault", "EMAIL", "ada (at) example dot com")
    server.vault.put("in no other store", "EMAIL", "ADA@example.com")
    server.talk("only-events", ["write to me:\nAda@example.com, please"])
    server.hand_over("only-handoff", "she is ada@example.com.", who="person")  # what travellers say is masked
    server.hand_over("only-summary", "hello", summary={"contact_email": "\nADA@example.com"})
    server.talk("longer", ["nada@example.com and ada@example.com.au"])
    with open_places(server.settings) as places:
        erase(places, "ada@example.com", TODAY)
        assert {row.sender_id for row in server.rows("events")} == {"longer"}
        assert server.rows("handoffs") == [] and list(places.vault.values()) == []


def test_an_expired_value_of_the_vault_is_found_too(server: Server) -> None:
    server.vault.put("long-ago", "EMAIL", "ada@example.com")
    server.talk("long-ago", ["hello"])
    server.vault._clock = lambda: NOW.timestamp() + 10**7
    assert server.vault.known("long-ago") == {}
    with open_places(server.settings) as places:
        assert counts(erase(places, "ada@example.com", TODAY))["vault", "removed"] == 1
    assert server.rows("events") == []


@pytest.mark.parametrize("subject", ["ada-talk", "ADA@example.com"])
def test_an_export_holds_everything_decrypted_and_nothing_of_others(opened: Places, subject: str) -> None:
    text = export(opened, subject, NOW)
    document = json.loads(text)
    (talk,) = document["conversations"]
    assert talk["conversation"] == "ada-talk" and sorted(talk["vault"].values()) == sorted(ADA.values())
    assert talk["events"][1]["text"] == "I am Ada Lovelace"
    assert talk["handoffs"][0]["lines"][0]["text"] == "it is Ada Lovelace of ada-talk"
    assert talk["proof_attempts"][0]["wrong_tries"] == 1
    assert set(talk["analytics"]) == set(FIGURES) and len(talk["analytics"]["analytics_turns"]) == 8
    (booking,) = document["bookings"]
    assert booking["contact_phone"] == ADA["contact_phone"] and booking["history"][0]["note"] == "changed for K7QX2M"
    assert not any(value in text for value in (*BOB.values(), "bob-talk", "B2B2B2", hashed("ada-talk")))


def test_an_export_after_erasing_is_empty(opened: Places) -> None:
    erase(opened, "ada-talk", TODAY)
    document = json.loads(export(opened, "ada-talk", NOW))
    assert document["conversations"] == document["bookings"] == []


def test_an_export_is_a_new_file_that_its_owner_alone_reads(tmp_path) -> None:
    save("{}", tmp_path / "ada.json")
    assert stat.S_IMODE((tmp_path / "ada.json").stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        save("{}", tmp_path / "ada.json")


def test_what_is_older_than_the_settings_allow_is_deleted(server: Server) -> None:
    server.talk("old", ["hello"], days_ago=31)
    server.talk("goes on", ["long ago"], days_ago=31)
    server.talk("goes on", ["today"])
    server.talk("one long session", ["long ago"], days_ago=31)
    server.talk("one long session", ["today"], starts=False)
    server.hand_over("old", "hello", days_ago=31)
    late = server.hand_over("answered late", "hello", days_ago=31)
    server.hand_over("new", "hello", days_ago=29)
    HandoffQueue(server.engine).hear(late, "still there?", NOW)
    server.book("old", "K7QX2M", ADA, in_days=-181)
    server.book("new", "B2B2B2", BOB, in_days=-179)
    server.guess("old", "ZZZZZZ")
    server.vault.put("old", "EMAIL", "ada@example.com")
    with open_places(server.settings) as places:
        early = expire(places, NOW - timedelta(days=5))
        assert not any(row.count for row in early if row.did in ("removed", "blanked"))
        receipt = counts(expire(places, NOW + timedelta(minutes=1)))
        assert receipt["conversations", "removed"] == 4 and receipt["handoffs", "removed"] == 1
        assert receipt["bookings", "blanked"] == 1 and receipt["proof_attempts", "removed"] == 0
        places.vault._clock = lambda: NOW.timestamp() + 10**7
        receipt = counts(expire(places, NOW + timedelta(minutes=31)))
        assert receipt["proof_attempts", "removed"] == 2 and receipt["vault", "removed"] == 1
    assert {row.sender_id for row in server.rows("events")} == {"goes on", "one long session"}
    assert sorted(row.conversation_id for row in server.rows("handoffs")) == ["answered late", "new"]
    people = {row.reference: row.passenger_name for row in server.rows("bookings")}
    assert people == {"K7QX2M": None, "B2B2B2": BOB["passenger_name"]}


def test_figures_outlive_the_conversation_and_lead_nowhere_then(server: Server) -> None:
    for conversation in ("stored", "gone"):
        server.count(conversation)
    later = datetime.fromtimestamp(MARCH_2, timezone.utc) + timedelta(days=31)
    server.talk("stored", ["hello"], days_ago=(NOW - later).days - 1)  # it goes on
    with open_places(replace(server.settings, retention_days_conversations=30)) as places:
        receipt = counts(expire(places, later))
        assert receipt["analytics", "blanked"] == 1 and receipt["analytics", "removed"] == 0
        names = {row.conversation for row in server.rows("analytics_turns")}
        assert hashed("stored") in names and hashed("gone") not in names and len(names) == 2
        assert counts(expire(places, later + timedelta(days=371)))["analytics", "removed"] == 16
    assert not any(server.rows(table) for table in FIGURES)


async def test_rasa_loses_nothing_of_a_conversation_that_goes_on(server: Server) -> None:
    server.talk("goes on", ["forgotten"] * 5, days_ago=40)
    server.talk("goes on", ["in this session"], days_ago=31)
    server.talk("goes on", ["today"], starts=False)
    with open_places(server.settings) as places:
        expire(places, NOW)
    store = SQLTrackerStore(Domain.from_dict({}), host=server.events.url.render_as_string(hide_password=False))
    tracker = await store.retrieve("goes on")
    tracker.update(UserUttered("and this"))
    await store.save(tracker)
    with open_places(server.settings) as places:
        said = [each.get("text") for each in places.conversations.events("goes on")]
    assert said == [None, "in this session", "today", "and this"]
    store.engine.dispose()
