"""The server's task that lets what is new flow into the analytics tables, a few turns at a time.

It works in one thread of its own, with a pause after each step, so no turn waits for it; what it waits for (a database
that is away or locked) holds up nobody else. Several processes may do it at once: one writes, the others find it done.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from concurrent.futures import ThreadPoolExecutor

from rasa.core.tracker_store import TrackerStore

from skycap.state.analytics.archive import open_archive
from skycap.state.analytics.intake import ended
from skycap.state.tracker_store import WindowTrackerStore

logger = logging.getLogger(__name__)
AT_ONCE = 20  # turns; about ten milliseconds of work
PAUSE_SECONDS = 0.05
ENDLESS_SECONDS = 86_400.0  # of silence, after which a session that never expires counts as ended


class Archiving:
    """Takes in what has left a window or has ended: every so many seconds, until cancelled."""

    def __init__(self, store: TrackerStore, figures_url: str, session_minutes: float, every_seconds: float) -> None:
        self._store = store
        self._figures_url = figures_url
        self._session_seconds = session_minutes * 60 or ENDLESS_SECONDS
        self._every_seconds = every_seconds
        self._thread = ThreadPoolExecutor(1, "archiving")

    async def run(self) -> None:
        """Go on until cancelled. A round that fails is logged, and made up for by the next one."""
        if not isinstance(self._store, WindowTrackerStore):
            logger.info("conversations in a %s are not taken into analytics", type(self._store).__name__)
            return
        try:
            await asyncio.sleep(self._every_seconds * random.random())  # processes take turns
            while True:
                try:
                    await self.round()
                except Exception as error:
                    logger.error("conversations cannot be taken into analytics now: %s", type(error).__name__)
                await asyncio.sleep(self._every_seconds)
        finally:
            self._thread.shutdown(wait=False)

    async def round(self) -> int:
        """Take in all that is due; returns how many turns. Raises what the databases raise; no turn is lost by that."""
        loop, taken = asyncio.get_running_loop(), 0
        steps = await loop.run_in_executor(self._thread, self._begin)
        while step := await loop.run_in_executor(self._thread, next, steps, 0):
            taken += step
            await asyncio.sleep(PAUSE_SECONDS)
        return taken

    def _begin(self):
        archive = open_archive(self._figures_url)
        return ended(self._store.backend, archive, time.time(), self._session_seconds, AT_ONCE)
