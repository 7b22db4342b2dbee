"""Opens the backend that an address, or an endpoints file, names."""

from __future__ import annotations

from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from flights import database
from skycap.state.backend import MemoryState, StateBackend
from skycap.state.sql import SqlState

FAILURES = (SQLAlchemyError, RedisError, BotoCoreError, ClientError)  # what backends raise when their database fails


def open_state(address: str, archive: str | None = None) -> StateBackend:
    """The backend at `memory:`, redis://…, dynamodb://… or a SQLAlchemy URL; with Redis perhaps an archive at one.

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
    if address.startswith("dynamodb:"):
        from skycap.state.dynamo import DynamoState

        return DynamoState(address)
    return SqlState(database.engine(address))


class NotOurs(RuntimeError):
    """The endpoints file names no tracker store of ours that outlives the server; the message says what to do."""


def state_in(endpoints_file: Path) -> StateBackend:
    """The backend that this endpoints file names. Raises NotOurs, and what drivers raise."""
    from rasa.utils.endpoints import read_endpoint_config  # seconds

    wanted = read_endpoint_config(str(endpoints_file), "tracker_store") if endpoints_file.is_file() else None
    if wanted is None or not str(wanted.type).startswith("skycap.state.") or wanted.url in (None, "memory:"):
        raise NotOurs(f"{endpoints_file} names no WindowTrackerStore with the url of a database; nothing can be read.")
    return open_state(wanted.url, wanted.kwargs.get("archive"))
