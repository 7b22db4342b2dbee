"""The door: every message is cleaned and masked here before anything stores it, logs it or thinks about it.

Level 2. The steps of `skycap/cleaning.py`, then `shield` puts personal data into the vault.
Text in, text or a reason to answer at once out; the same text taken twice is the same (idempotent).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from skycap import privacy
from skycap.cleaning import MAX_CHARACTERS, Cleaned, cap_length, clean
from skycap.half_cards import HalfCards
from skycap.vault import Vault

MAX_DEPTH = 6  # of metadata
LETTERS = str.maketrans("0123456789", "ghijklmnop")  # for hexadecimal ids: no masking looks for a number in letters


def ingest(text: object, conversation: str, vault: Vault, halves: HalfCards | None = None) -> Cleaned:
    """The whole chain: cleaned, then shielded. Raises what the vault raises: nothing goes on unmasked."""
    cleaned = received(text, conversation, halves)
    return cleaned if cleaned.refusal else replace(cleaned, text=cap_length(shield(cleaned.text, conversation, vault)))


def received(text: object, conversation: str, halves: HalfCards | None = None) -> Cleaned:
    """The first half of the chain, which waits for nothing: cleaned, a card that came in two messages in one piece."""
    cleaned = clean(text)
    if cleaned.refusal or not halves:
        return cleaned
    return replace(cleaned, text=halves.join(conversation, cleaned.text))


def is_personal(text: str) -> bool:
    """Whether `shield` would change it or ask the vault."""
    return bool(privacy.TOKEN.search(text) or privacy.find(text))


def shield(text: str, conversation: str, vault: Vault) -> str:
    """The text with personal data as tokens of the vault; a token that somebody made up is none any more."""
    text = privacy.TOKEN.sub(lambda hit: _known_token(hit.group(), hit["number"], conversation, vault), text)
    return privacy.replace(text, lambda kind, value: vault.put(conversation, kind, value))


def shield_data(data: Any, depth: int = 0) -> Any:
    """Metadata with personal data masked for good, in keys too; what is nested too deep is left out."""
    if depth > MAX_DEPTH:
        return None
    if isinstance(data, str):
        return privacy.mask(data[:MAX_CHARACTERS])
    if isinstance(data, dict):
        return {shield_data(str(key)): shield_data(value, depth + 1) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [shield_data(each, depth + 1) for each in data]
    if isinstance(data, (int, float)) and not isinstance(data, bool) and abs(data) >= 1_000_000:
        masked = privacy.mask(str(data))
        return data if masked == str(data) else masked
    return data


def _known_token(token: str, number: str | None, conversation: str, vault: Vault) -> str:
    if number is None or vault.get(conversation, token) is not None:
        return token
    return token.strip("[]").replace(":", " ")
