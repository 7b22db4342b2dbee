"""What belongs to a traveller: named by a conversation, or by an e-mail address wherever it is kept.

Addresses are encrypted in bookings and vault, so all are decrypted and compared; the vault knows conversations by
their hash alone, so the ids that other stores hold are hashed and compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from flights.bookings import erasure as bookings
from skycap.handoffs import erasure as handoffs
from skycap.rights.places import Places
from skycap.vault import hashed

_AT = re.compile(r"\s*[(\[{<]\s*(?:at|@|ät|arroba)\s*[)\]}>]\s*|\s+(?:at|arroba)\s+|\s*@\s*", re.IGNORECASE)
_DOT = re.compile(r"\s*[(\[{<]\s*(?:dot|punkt|punto|\.)\s*[)\]}>]\s*|\s+(?:dot|punkt|punto)\s+|\s*\.\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Traveller:
    """What was found: conversations by id, those of the vault by hash too, bookings by reference."""

    conversations: tuple[str, ...]
    hashes: tuple[str, ...]
    references: tuple[str, ...]


class Address:
    """An e-mail address, found in any case, also spaced or in words."""

    def __init__(self, text: str) -> None:
        self.text = text.strip().casefold()
        self._pattern = re.compile(rf"(?<![\w.+'%-]){re.escape(self.text)}(?![\w-]|\.\w)")

    def is_in(self, text: str) -> bool:
        """Whether a text holds it, and not as a part of a longer address."""
        return bool(self._pattern.search(text.casefold()))

    def is_value(self, text: str) -> bool:
        """Whether a value known to be an address holds it: "ada (at) example dot com" too."""
        return self.is_in(text) or self.is_in(_DOT.sub(".", _AT.sub("@", text)))


def find(places: Places, subject: str) -> Traveller:
    """Everything of this conversation, or, when it reads like an address, of everybody who gave it."""
    subject = subject.strip()
    conversations, hashes, references = {subject}, set(), set()
    if "@" in subject:
        address = Address(subject)
        known = all_conversations(places)
        for booking in bookings.with_email(places.engine, address.is_value):
            references.add(booking.reference)
            conversations.add(booking.conversation_id)
        conversations |= {each for each in known if address.is_in(each)}
        conversations |= handoffs.mentioning(places.engine, address.is_in)
        if places.conversations:
            conversations |= places.conversations.mentioning(address.text, address.is_in)
        if places.vault:
            hashes = {holder for holder, _, value in places.vault.values() if address.is_value(value)}
        conversations |= {each for each in known if hashed(each) in hashes}
    hashes |= {hashed(each) for each in conversations}
    references |= {each.reference for each in bookings.of_conversations(places.engine, conversations)}
    return Traveller(*(tuple(sorted(each)) for each in (conversations, hashes, references)))


def only(places: Places, conversation_id: str) -> Traveller:
    """Everything of this conversation and no other, whatever its id reads like."""
    references = {each.reference for each in bookings.of_conversations(places.engine, [conversation_id])}
    return Traveller((conversation_id,), (hashed(conversation_id),), tuple(sorted(references)))


def all_conversations(places: Places) -> set[str]:
    """The ids of all conversations that any store names."""
    stored = places.conversations.ids() if places.conversations else set()
    return stored | bookings.conversation_ids(places.engine) | handoffs.conversation_ids(places.engine)
