"""Which conversation's lock the running turn holds: locks write it down, the tracker store asks before it saves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from skycap.state.backend import StaleWrite


@dataclass
class Held:
    """A lock that is held. `fence` grows with every holder of a conversation; `lost` once another may hold it."""

    conversation: str
    fence: int
    lost: bool = False


_held: ContextVar[Held | None] = ContextVar("held", default=None)


@contextmanager
def holding(held: Held) -> Iterator[None]:
    """Inside, this lock is held."""
    token = _held.set(held)
    try:
        yield
    finally:
        _held.reset(token)


def fence_of(conversation: str, otherwise: int = 0) -> int:
    """The fence of the lock held on this conversation; `otherwise` without one. Raises StaleWrite when it was lost."""
    held = _held.get()
    if held is None or held.conversation != conversation:
        return otherwise
    if held.lost:
        raise StaleWrite("the lock of the conversation was lost during the turn")
    return held.fence
