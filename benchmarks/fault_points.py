"""`skycap serve` that dies at a step of a turn, or whose SQLite fails, while a file says so: for benchmarks/faults.py.

Started in the place of `skycap serve`. The file that the variable FAULT names holds one word: a step of STEPS, at which
the process kills itself once and takes the word away, or `slow`, `refuse`, `full`: how every SQLite database is as long
as the word stands. Without the file the server is as it always is.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import sys
import threading
import time
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError

from skycap import cli
from skycap.channels.platforms import Platform, Replies
from skycap.state.redis import RedisState
from skycap.state.sql import SqlState

BEFORE, INSIDE, AFTER, AMID, LAST = (
    "before the commit", "inside the commit", "after the commit", "amid the replies", "after the replies",
)  # fmt: skip
FORGETS = "before Redis forgets what is archived"
STEPS = (BEFORE, INSIDE, AFTER, AMID, LAST, FORGETS)
SLOW_SECONDS, REFUSED_SHARE = 1.0, 0.01
UNLIMITED_PAGES = 2**30
_chance = random.Random(1)
_now = threading.local()  # `commits` while this thread stores a turn


def word() -> str:
    """What the file says now."""
    try:
        return Path(os.environ["FAULT"]).read_text()
    except FileNotFoundError:
        return ""


def die_at(step: str) -> None:
    """End as a power cut would, if it is said."""
    if word() == step:
        Path(os.environ["FAULT"]).unlink(missing_ok=True)
        os.kill(os.getpid(), signal.SIGKILL)


def put_points() -> None:
    """Put every point in its place."""
    in_sql, in_redis = SqlState._commit, RedisState.commit
    drop, send, handle = RedisState.drop, Replies.send_response, Platform._handle

    def commit_in_sql(self: Any, *arguments: Any) -> None:
        die_at(BEFORE)
        _now.commits = True
        try:
            in_sql(self, *arguments)
        finally:
            _now.commits = False
        die_at(AFTER)

    async def commit_in_redis(self: Any, *arguments: Any) -> None:
        die_at(BEFORE)
        await in_redis(self, *arguments)
        die_at(AFTER)

    def forget(self: Any, *arguments: Any) -> None:
        die_at(FORGETS)
        drop(self, *arguments)

    async def reply(self: Any, *arguments: Any) -> None:
        await send(self, *arguments)
        die_at(AMID)

    async def take(self: Any, *arguments: Any, **options: Any) -> bool:
        taken = await handle(self, *arguments, **options)
        die_at(LAST)
        return taken

    SqlState._commit, RedisState.commit = commit_in_sql, commit_in_redis
    RedisState.drop, Replies.send_response, Platform._handle = forget, reply, take
    event.listen(Engine, "commit", commits)
    event.listen(Engine, "before_cursor_execute", executes)
    event.listen(Engine, "checkout", taken_from_the_pool)


def commits(connection: Connection) -> None:
    if getattr(_now, "commits", False):
        die_at(INSIDE)


def executes(connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
    if connection.dialect.name != "sqlite":
        return  # there the wire is slow, or refuses
    said = word()
    if said == "slow" and statement.startswith(("SELECT conversations", "SELECT turns", "UPDATE conv", "INSERT INTO")):
        time.sleep(SLOW_SECONDS)
    if said == "refuse" and _chance.random() < REFUSED_SHARE:
        raise OperationalError(statement, None, sqlite3.OperationalError("refused"), hide_parameters=True)


def taken_from_the_pool(connection: Any, *_: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        pages = 1 if word() == "full" else UNLIMITED_PAGES  # SQLite takes what it has now for the least
        connection.execute(f"PRAGMA max_page_count={pages}")


if __name__ == "__main__":
    put_points()
    sys.exit(cli.main(sys.argv[1:]))
