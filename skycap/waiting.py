"""Where databases may be waited for: in threads, never in the event loop.

Level 0. Most actions of a turn ask no database and are done before a thread would have begun. So an action may start
in the event loop, inside `at_once()`; before it asks a database, `may_wait()` ends it there, and it starts anew in a
thread (skycap/serving/actions.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_at_once: ContextVar[bool] = ContextVar("at_once", default=False)


class Waits(BaseException):
    """What runs would have to wait. No Exception: nobody who handles failures may take it for one."""


@contextmanager
def at_once() -> Iterator[None]:
    """Inside, nothing may wait."""
    token = _at_once.set(True)
    try:
        yield
    finally:
        _at_once.reset(token)


def may_wait() -> None:
    """To be called before a database is asked. Raises Waits inside `at_once`."""
    if _at_once.get():
        raise Waits
