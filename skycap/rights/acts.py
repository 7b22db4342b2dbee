"""Erase, export, expire: each goes through every place, and erasing and expiring say in a receipt what they did.

A receipt names no traveller, so that it may be kept. Erasing goes in an order that a crash cannot spoil: what links
an address to its conversations (vault, bookings) goes last, and a second run finishes the first.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from flights import bookings
from flights.bookings import erasure, proof
from skycap.handoffs import erasure as handoffs
from skycap.rights.files import compact
from skycap.rights.places import Places
from skycap.rights.traveller import Traveller, find, only
from skycap.vault import TOKEN, hashed

LIVE = ("confirmed", "ticketed")
ASKED = "the traveller asked for it"
ACCOUNTS = "the accounts need what was sold, when and for how much; nothing in it says to whom"
AHEAD = "still valid, but a last name no longer proves it: the traveller cannot change or cancel it in the chat"
PUBLISHED = "endpoints.yml publishes events to a broker: erase them where they arrive"
COPIES = "backups, and PostgreSQL's own log and dead rows, last as long as the operator keeps them"
IN_MEMORY = "in the server's memory: last replies of the chat page, minutes; "


@dataclass(frozen=True)
class Row:
    """One line of a receipt. `did` is removed, blanked, kept, compacted or not reached; `count` None: not countable."""

    store: str
    did: str
    what: str
    count: int | None
    why: str

    def __str__(self) -> str:
        return json.dumps(self.__dict__, ensure_ascii=False)


def erase(places: Places, subject: str, today: date) -> list[Row]:
    """Erase what is kept of a conversation, or of everybody with this address; returns the receipt."""
    return _erase(places, find(places, subject), today)


def erase_conversation(places: Places, conversation_id: str, today: date) -> list[Row]:
    """Erase what is kept of this one conversation, even when its id reads like an address; returns the receipt."""
    return _erase(places, only(places, conversation_id), today)


def _erase(places: Places, who: Traveller, today: date) -> list[Row]:
    engine = places.engine
    events = tries = queued = lines = 0
    for each in who.conversations:
        events += places.conversations.erase(each) if places.conversations else 0
        erased = handoffs.erase(engine, each)
        queued, lines = queued + erased[0], lines + erased[1]
        tries += proof.forget_tries(engine, each)
    figures = sum(places.archive.erase(each) for each in who.hashes)  # after the turns, or they would be counted again
    values = sum(places.vault.discard(each) for each in who.hashes) if places.vault else 0
    booked = [bookings.get(engine, each) for each in who.references]
    ahead = sum((each.return_date or each.departure_date) >= today and each.state in LIVE for each in booked)
    blanked = erasure.blank(engine, who.references)
    return [
        Row("conversations", "removed", _unit(places), events, ASKED),
        Row("handoffs", "removed", "hand-overs", queued, ASKED),
        Row("handoff_lines", "removed", "lines", lines, ASKED),
        Row("proof_attempts", "removed", "wrong tries", tries, ASKED),
        Row("analytics", "removed", "turns counted", figures, ASKED),
        Row("vault", "removed", "values", values, ASKED),
        Row("bookings", "blanked", "name, address, phone, conversation", blanked.bookings, ASKED),
        Row("booking_events", "blanked", "notes", blanked.notes, ASKED),
        Row("bookings", "kept", "bookings without a traveller", blanked.bookings, ACCOUNTS),
        Row("bookings", "kept", "of these, with a flight to come", ahead, AHEAD),
        *_beyond(places),
    ]


def expire(places: Places, now: datetime) -> list[Row]:
    """Delete what is older than the settings allow; returns the receipt."""
    current, engine = places.settings, places.engine
    days = (
        current.retention_days_conversations,
        current.retention_days_handoffs,
        current.retention_days_bookings,
    )
    of_conversations, of_handoffs, of_bookings = (now - timedelta(days=each) for each in days)
    events = places.conversations.expire(of_conversations.timestamp()) if places.conversations else 0
    queued, lines = handoffs.expire(engine, of_handoffs)
    tries = proof.forget_old_tries(engine, now - timedelta(minutes=current.proof_lock_minutes))
    values = places.vault.expire() if places.vault else 0
    unnamed = 0
    if places.conversations:  # what lives in the server's memory is known to it alone
        unnamed = places.archive.unname(places.conversations.ids(), of_conversations)
    counted_days = max(current.retention_days_analytics, current.retention_days_conversations)
    figures = places.archive.expire(now - timedelta(days=counted_days))
    blanked = erasure.blank(engine, erasure.travelled_before(engine, of_bookings.date()))
    said, asked, flown = (f"older than {each} days" for each in days)
    return [
        Row("conversations", "removed", _unit(places), events, said),
        Row("handoffs", "removed", "hand-overs", queued, asked),
        Row("handoff_lines", "removed", "lines", lines, asked),
        Row("proof_attempts", "removed", "wrong tries", tries, "the lock is over"),
        Row("analytics", "removed", "turns counted", figures, f"older than {counted_days} days"),
        Row("analytics", "blanked", "whose conversation it was", unnamed, f"{said}, and stored no longer"),
        Row("vault", "removed", "values", values, "the conversation needs them no longer; Redis deletes them itself"),
        Row("bookings", "blanked", "name, address, phone, conversation", blanked.bookings, f"last flight {flown}"),
        Row("booking_events", "blanked", "notes", blanked.notes, f"last flight {flown}"),
        Row("bookings", "kept", "bookings without a traveller", blanked.bookings, ACCOUNTS),
        *_beyond(places),
    ]


def _unit(places: Places) -> str:
    return places.conversations.unit if places.conversations else "events"


def _beyond(places: Places) -> list[Row]:
    """What is left to say about files, memory and copies."""
    compacted = [compact(each) for each in places.files]
    rows = []
    if done := sum(compacted):
        rows.append(Row("SQLite files", "compacted", "files", done, "deleted rows stay in them otherwise"))
    if missed := len(compacted) - sum(compacted):
        why = "another process was in the way, and deleted rows are still in them: run the command again"
        rows.append(Row("SQLite files", "not compacted", "files", missed, why))
    memory = IN_MEMORY + ("half a card, ten minutes" if places.vault else "the vault, until the server stops")
    if places.conversations is None:
        memory += "; conversations, until the server stops"
    rows.append(Row("server", "not reached", "memory", None, memory))
    if places.has_broker:
        rows.append(Row("event broker", "not reached", "events", None, PUBLISHED))
    rows.append(Row("copies", "not reached", "backups, database log", None, COPIES))
    return rows


def export(places: Places, subject: str, now: datetime) -> str:
    """Everything that is kept of a conversation, or of everybody with this address: one JSON document, decrypted."""
    who, engine = find(places, subject), places.engine
    names = {hashed(each): each for each in who.conversations}
    conversations = []
    for each in who.hashes:
        values = {token: value for _, token, value in places.vault.values(each)} if places.vault else {}
        name = names.get(each)
        kept: dict[str, Any] = {"vault": values}
        if name is not None:
            kept["events"] = _reveal(places.conversations.events(name) if places.conversations else [], values)
            kept["handoffs"] = _reveal(handoffs.everything_of(engine, name), values)
            kept["proof_attempts"] = proof.tries_of(engine, name)
        kept["analytics"] = places.archive.everything_of(each)
        if any(kept.values()):
            conversations.append({"conversation": name, **kept})
    booked = []
    for reference in who.references:
        booking = bookings.get(engine, reference)
        booked.append({**booking.__dict__, "history": erasure.history(engine, reference)})
    document = {
        "exported_at": now.astimezone(timezone.utc),
        "asked_for": subject,
        "conversations": conversations,
        "bookings": booked,
    }
    return json.dumps(document, ensure_ascii=False, indent=2, default=_plain)


def save(text: str, path: Path) -> None:
    """Write an export to a new file that its owner alone can read. Raises FileExistsError."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text + "\n")


def _reveal(content: Any, values: dict[str, str]) -> Any:
    if isinstance(content, str):
        return TOKEN.sub(lambda hit: values.get(hit.group(), hit.group()), content)
    if isinstance(content, dict):
        return {key: _reveal(each, values) for key, each in content.items()}
    if isinstance(content, list):
        return [_reveal(each, values) for each in content]
    return content


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)
