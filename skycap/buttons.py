"""Buttons carry signed words: a press counts in its own conversation, until it expires.

Level 2, text in, text out. `skycap/serving/buttons.py` signs what leaves, reads what comes, and knows which buttons
were shown last. A payload is the words, `~~` and a token of 24 characters, base64url: when it was signed (4 bytes), for
which turn (4), and the first 10 bytes of an HMAC-SHA256 over these, the conversation and the words.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import struct
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass

from skycap.kept import fingerprint
from skycap.vault import Keys

MOST_BYTES = 64  # what Telegram takes for a payload
_TOKEN = re.compile(r"~~([A-Za-z0-9_-]{24})")
_LENGTH = 26
_HEAD = struct.Struct(">I4s")


class OldButton(Exception):
    """A press that does not count: forged, expired, of another conversation, or of a question no longer asked."""


@dataclass(frozen=True)
class Press:
    """A button that was pressed: its words, the turn that showed it (`turn_of`), and an id of its own."""

    words: str
    turn: bytes
    id: str


class Buttons:
    """Signs and reads the payloads of buttons."""

    def __init__(self, keys: Keys, seconds: float, clock: Callable[[], float] = time.time) -> None:
        """`seconds`: how long a button counts. The first key signs; what any of them signed is read."""
        self._keys = [bytes.fromhex(each) for each in keys.fingerprints("skycap signs buttons")]
        self._seconds, self._clock = seconds, clock

    def sign(self, conversation: str, words: str, turn: bytes) -> str:
        """The payload for these words; the words alone where it would be too long for a platform."""
        head = _HEAD.pack(int(self._clock()), turn)
        token = urlsafe_b64encode(head + _seal(self._keys[0], conversation, words, head)).decode()
        payload = f"{words}~~{token}"
        return payload if len(payload.encode("utf-8", "replace")) <= MOST_BYTES else words

    def read(self, conversation: str, text: str) -> Press | None:
        """The press in this text, None when it is typed words. Raises OldButton when it does not count."""
        words, signed = text[:-_LENGTH], _TOKEN.fullmatch(text[-_LENGTH:])
        if not signed:
            return None
        raw = urlsafe_b64decode(signed[1])
        head, seal = raw[: _HEAD.size], raw[_HEAD.size :]
        if not any(hmac.compare_digest(seal, _seal(key, conversation, words, head)) for key in self._keys):
            raise OldButton
        signed_at, turn = _HEAD.unpack(head)
        if self._clock() - signed_at > self._seconds:
            raise OldButton
        return Press(words, turn, f"button {signed[1]}")


def turn_of(message_id: str | None) -> bytes:
    """The turn of a message as a token holds it: 4 bytes."""
    return fingerprint(message_id or "")[:4]


def _seal(key: bytes, conversation: str, words: str, head: bytes) -> bytes:
    said = json.dumps([conversation, words]).encode()
    return hmac.new(key, head + said, hashlib.sha256).digest()[:10]
