"""The border between conversations and what keeps them: turns in, a window of the last ones out.

A conversation is a list of turns that only grows, numbered from 1. Some carry a snapshot: how things stood at their
end. The live window is the turns from `first` on and, unless a session begins there, the snapshot of the turn before.
Every backend passes the same contract tests. Texts are JSON as `encoding` makes it; no backend looks inside. What a
turn waits for is asynchronous; what operators do is plain.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol


class StaleWrite(RuntimeError):
    """Somebody else has written to the conversation since it was loaded, or holds its lock now; nothing was stored."""


class UnreadableConversation(RuntimeError):
    """What is stored of a conversation is damaged; the message says which, and nothing of what was said."""


@dataclass(frozen=True)
class Turn:
    """What one commit adds: `events` and, now and then, `snapshot` as JSON; `at` in seconds since 1970."""

    events: str
    at: float
    message_id: str | None = None
    snapshot: str | None = None


@dataclass(frozen=True)
class Position:
    """Where a conversation stands: the number of its last turn, and where its window begins.

    `fence` is the number of the lock under which it was written.
    """

    version: int = 0
    first: int = 1
    on_snapshot: bool = False
    fence: int = 0

    @property
    def oldest(self) -> int:
        """The first turn that the window needs."""
        return self.first - self.on_snapshot


@dataclass(frozen=True)
class Window:
    """The live part of a conversation: the snapshot it stands on, and turns `first` to `version` by number.

    `with_snapshot` are those of these turns on which a later window may stand.
    """

    position: Position
    snapshot: str | None
    turns: Mapping[int, str]
    with_snapshot: tuple[int, ...]

    def check(self) -> Window:
        """Itself. Raises UnreadableConversation when a turn or the snapshot is missing."""
        for number in range(self.position.first, self.position.version + 1):
            if number not in self.turns:
                raise UnreadableConversation(f"turn {number} is missing")
        if self.position.on_snapshot and self.snapshot is None:
            raise UnreadableConversation(f"the snapshot of turn {self.position.oldest} is missing")
        return self


@dataclass(frozen=True)
class Standing:
    """Where a conversation stands, and since when: `at` of its last turn, in seconds since 1970."""

    position: Position
    at: float


class StateBackend(Protocol):
    """Keeps conversations. Safe to use from several threads and, but for memory, several processes.

    What is asynchronous belongs to one event loop.
    """

    async def load(self, conversation: str) -> Window | None:
        """The live part; None when nothing was ever said. Raises UnreadableConversation when a turn is missing."""

    async def commit(self, conversation: str, turn: Turn, position: Position) -> None:
        """Store a turn, all of it or nothing; `position` is the one after it.

        Raises StaleWrite unless the last turn stored has the number before, and no newer holder of the lock (`fence`)
        has written; also when the message id is stored already.
        """

    async def answered(self, conversation: str, message_id: str) -> str | None:
        """The events of the turn that answered this message; None when there is none yet."""

    def history(self, conversation: str) -> list[str]:
        """The events of all turns, oldest first."""

    def turns_after(self, conversation: str, number: int, most: int) -> dict[int, Turn]:
        """At most so many turns after this one, by number, in order; those deleted are left out, snapshots too."""

    def conversations(self) -> set[str]:
        """Every conversation."""

    def standings(self, since: float = 0.0) -> dict[str, Standing]:
        """Every conversation whose last turn is from this moment or later."""

    def erase(self, conversation: str) -> int:
        """Delete a conversation; returns how many turns it had."""

    def expire(self, before: float) -> int:
        """Delete turns from before this moment that no window needs, and conversations that ended before; how many."""

    async def close(self) -> None:
        """Let go of connections."""


class MemoryState:
    """In this process; gone with it."""

    def __init__(self) -> None:
        self._turns: dict[str, dict[int, Turn]] = {}
        self._positions: dict[str, Position] = {}
        self._lock = threading.Lock()

    async def load(self, conversation: str) -> Window | None:
        with self._lock:
            position = self._positions.get(conversation)
            if position is None:
                return None
            turns = self._turns[conversation]
            live = {number: turns[number] for number in range(position.first, position.version + 1)}
            return Window(
                position,
                turns[position.oldest].snapshot if position.on_snapshot else None,
                {number: each.events for number, each in live.items()},
                tuple(number for number, each in live.items() if each.snapshot),
            )

    async def commit(self, conversation: str, turn: Turn, position: Position) -> None:
        with self._lock:
            last, turns = self._positions.get(conversation, Position()), self._turns.setdefault(conversation, {})
            if last.version != position.version - 1 or last.fence > position.fence:
                raise StaleWrite(f"turn {position.version} is not the next one")
            if turn.message_id and any(each.message_id == turn.message_id for each in turns.values()):
                raise StaleWrite("the message was answered before")
            turns[position.version], self._positions[conversation] = turn, position

    async def answered(self, conversation: str, message_id: str) -> str | None:
        with self._lock:
            turns = self._turns.get(conversation, {}).values()
            return next((each.events for each in turns if each.message_id == message_id), None)

    def history(self, conversation: str) -> list[str]:
        with self._lock:
            return [each.events for _, each in sorted(self._turns.get(conversation, {}).items())]

    def turns_after(self, conversation: str, number: int, most: int) -> dict[int, Turn]:
        with self._lock:
            later = sorted(each for each in self._turns.get(conversation, {}) if each > number)[:most]
            return {each: replace(self._turns[conversation][each], snapshot=None) for each in later}

    def conversations(self) -> set[str]:
        with self._lock:
            return set(self._positions)

    def standings(self, since: float = 0.0) -> dict[str, Standing]:
        with self._lock:
            last = {each: self._turns[each][place.version].at for each, place in self._positions.items()}
            return {each: Standing(self._positions[each], at) for each, at in last.items() if at >= since}

    def erase(self, conversation: str) -> int:
        with self._lock:
            self._positions.pop(conversation, None)
            return len(self._turns.pop(conversation, {}))

    def expire(self, before: float) -> int:
        gone = 0
        for conversation in self.conversations():
            with self._lock:
                turns, position = self._turns[conversation], self._positions[conversation]
                ended = turns[position.version].at < before
                old = [
                    number for number, turn in turns.items() if ended or (turn.at < before and number < position.oldest)
                ]
                for number in old:
                    del turns[number]
                if ended:
                    del self._turns[conversation], self._positions[conversation]
                gone += len(old)
        return gone

    async def close(self) -> None:
        pass
