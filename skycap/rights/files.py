"""SQLite's files without what was deleted: it leaves deleted rows in free pages, and old pages in the log (WAL)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

BUSY_SECONDS = 30


def compact(path: Path, busy_seconds: float = BUSY_SECONDS) -> bool:
    """Write the file anew and empty its log; returns False when another process was in the way.

    `secure_delete` alone would not do: what the server moved between pages before left copies in their free space.
    """
    try:
        with closing(sqlite3.connect(path, timeout=busy_seconds, isolation_level=None)) as connection:
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("VACUUM")
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:  # locked for longer than that
        return False
    return not busy
