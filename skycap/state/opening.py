"""Opens the backend that an address names."""

from __future__ import annotations

from flights import database
from skycap.state.backend import MemoryState, StateBackend
from skycap.state.sql import SqlState


def open_state(address: str, archive: str | None = None) -> StateBackend:
    """The backend at `memory:`, at redis://… or at a SQLAlchemy URL; with Redis perhaps an archive at one.

    Raises what its driver raises, and ValueError for an archive beside anything but Redis.
    """
    if archive and not address.startswith(("redis:", "rediss:")):
        raise ValueError("Only conversations in Redis have an archive elsewhere: take `archive` out of endpoints.yml.")
    if address == "memory:":
        return MemoryState()
    if address.startswith(("redis:", "rediss:")):
        from skycap.state.redis import ArchivedState, RedisState

        live = RedisState(address)
        return ArchivedState(live, SqlState(database.engine(archive))) if archive else live
    return SqlState(database.engine(address))
