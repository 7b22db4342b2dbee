"""Opens the backend that an address names."""

from __future__ import annotations

from flights import database
from skycap.state.backend import MemoryState, StateBackend
from skycap.state.sql import SqlState


def open_state(address: str) -> StateBackend:
    """The backend at `memory:`, at redis://… or rediss://…, or at a SQLAlchemy URL. Raises what its driver raises."""
    if address == "memory:":
        return MemoryState()
    if address.startswith(("redis:", "rediss:")):
        from skycap.state.redis import RedisState

        return RedisState(address)
    return SqlState(database.engine(address))
