"""What is new flows in: turns that have left a window, and all turns of conversations that have ended.

Only where conversations stand is asked of the backend, and only of those whose last turn is recent; turns are read
once. The server does it a bit at a time (skycap/serving/archiving.py), `skycap report --refresh` all at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from skycap.state.analytics.archive import Archive, Due
from skycap.state.backend import StateBackend
from skycap.vault import hashed

# A turn is stored a little after its last event, and clocks differ: so much later it is still noticed.
LATE_SECONDS = 600.0
AT_ONCE = 100  # turns of one transaction


def ended(
    backend: StateBackend, archive: Archive, now: float, session_seconds: float, at_once: int = AT_ONCE
) -> Iterator[int]:
    """Take in what has left a window or has ended, some turns for each step; yields how many.

    A conversation has ended when nothing was said for as long as a session lasts.
    """
    return _flow(backend, archive, now, archive.since, now - session_seconds, at_once)


def everything(backend: StateBackend, archive: Archive, now: float, at_once: int = AT_ONCE) -> Iterator[int]:
    """Take in all that is stored and not in yet, of open conversations too; yields as `ended` does."""
    return _flow(backend, archive, now, 0.0, inf, at_once)


def _flow(
    backend: StateBackend, archive: Archive, now: float, since: float, ended_before: float, at_once: int
) -> Iterator[int]:
    left = _due(backend, archive, since, ended_before)
    while left:
        taken, left = archive.take_in(backend, left, at_once)
        if taken:
            yield taken
    archive.mark(min(ended_before, now) - LATE_SECONDS, now)


def _due(backend: StateBackend, archive: Archive, since: float, ended_before: float) -> list[Due]:
    """Conversations with turns to be taken in, those that were silent longest first."""
    standings = backend.standings(since)
    known = archive.taken_in([hashed(each) for each in standings])
    found = []
    for conversation in sorted(standings, key=lambda each: standings[each].at):
        position, at = standings[conversation].position, standings[conversation].at
        through = position.version if at <= ended_before else position.first - 1
        taken_in = known.get(hashed(conversation), 0)
        if through > taken_in or position.version < taken_in:  # fewer than that: it was deleted and begun anew
            found.append(Due(conversation, through))
    return found
