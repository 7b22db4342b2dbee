"""Payment cards whose number comes in two messages in a row, whichever worker each of them lands in.

Level 1, under `skycap/ingest.py`. The first half lives in memory only, for minutes.
"""

from __future__ import annotations

import struct
import time
from collections.abc import Callable

from skycap import privacy
from skycap.shared import SharedTable

_AT = struct.Struct("<d")


class HalfCards:
    """Finds such cards. Processes forked after one was made share it."""

    SECONDS = 600
    PLACES = 10_000
    LONGEST = 15  # digits of a first half

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tails = SharedTable(self.PLACES, _AT.size + self.LONGEST)

    def join(self, conversation: str, text: str) -> str:
        """The text, its beginning masked when it is the end of a card; what may be a beginning is kept for the next."""
        kept = self._tails.get(conversation)
        if kept is not None:
            self._tails.drop(conversation)
            (at,), tail = _AT.unpack(kept[: _AT.size]), kept[_AT.size :].decode()
            if self._clock() - at < self.SECONDS and (end := privacy.end_of_card(tail, text)):
                return f"[CARD]{text[end:]}"
        if tail := privacy.start_of_card(text):
            self._tails.put(conversation, _AT.pack(self._clock()) + tail.encode())
        return text
