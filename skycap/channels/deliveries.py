"""Which messages of a platform other workers of this server have: what a platform repeats may land in any of them.

Under skycap/channels/platforms.py, which knows its own. Memory only; a worker that dies had what it was working on
never.
"""

from __future__ import annotations

import asyncio
import os
import struct
from pathlib import Path
from typing import ClassVar

from skycap.shared import SharedTable

_ENTRY = struct.Struct("<Bi")  # state, process
RUNNING, ANSWERED, FAILED = range(3)
LOOK_SECONDS = 0.05


class Deliveries:
    """Messages by id, of one platform."""

    table: ClassVar[SharedTable] = SharedTable(50_000, _ENTRY.size)  # made on import, so before any fork

    def __init__(self, platform: str) -> None:
        self._platform = platform

    def note(self, message_id: str, state: int) -> None:
        """Tell the others how far this worker is with a message."""
        self.table.put(self._key(message_id), _ENTRY.pack(state, os.getpid()))

    async def elsewhere(self, message_id: str) -> int | None:
        """How another worker ended with a message, once it has; None when none has it."""
        while True:
            entry = self.table.get(self._key(message_id))
            state, process = _ENTRY.unpack(entry) if entry else (None, 0)
            if process == os.getpid() or (state == RUNNING and not Path(f"/proc/{process}").exists()):
                return None
            if state != RUNNING:
                return state
            await asyncio.sleep(LOOK_SECONDS)

    def _key(self, message_id: str) -> str:
        return f"{self._platform}:{message_id}"
