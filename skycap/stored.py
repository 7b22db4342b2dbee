"""What trainings compute again and again of the same input, kept from one to the next in a file.

Level 0; under the reading of the training data and the sentence vectors. The file stands in the folder of Rasa's
training cache: `.rasa/cache`, or where RASA_CACHE_DIRECTORY says; RASA_MAX_CACHE_SIZE=0 keeps nothing. A key must say
everything that its value depends on, so that no value is ever out of date.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

logger = logging.getLogger(__name__)
TABLE = "CREATE TABLE IF NOT EXISTS stored (key BLOB PRIMARY KEY, used REAL, value BLOB)"
KEEP = "DELETE FROM stored WHERE key NOT IN (SELECT key FROM stored ORDER BY used DESC LIMIT ?)"
WAIT_SECONDS = 60  # for another process that writes: languages are trained side by side


class Stored:
    """At most `size` values by key; those not asked for longest go first. A broken file is begun anew."""

    def __init__(self, name: str, size: int) -> None:
        self._name, self._size = name, size

    def load(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """The values that are there, by key."""
        if not (file := self._file()) or not file.exists():
            return {}
        try:
            with closing(sqlite3.connect(file, timeout=WAIT_SECONDS)) as database:
                found = {key: database.execute("SELECT value FROM stored WHERE key = ?", [key]) for key in set(keys)}
                return {key: row[0] for key, rows in found.items() if (row := rows.fetchone())}
        except sqlite3.Error as error:
            logger.warning(f"{file} cannot be read ({error}); what was in it is computed again.")
            file.unlink(missing_ok=True)
            return {}

    def save(self, values: Mapping[bytes, bytes]) -> None:
        """Keep these, also those that were there before and have been of use again."""
        if not (file := self._file()) or not values:
            return
        now = time.time()
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(file, timeout=WAIT_SECONDS)) as database, database:
                database.execute(TABLE)
                rows = ((key, now, value) for key, value in values.items())
                database.executemany("INSERT OR REPLACE INTO stored VALUES (?, ?, ?)", rows)
                database.execute(KEEP, [self._size])
        except (sqlite3.Error, OSError) as error:
            logger.warning(f"{file} cannot be written ({error}); the next training computes its values again.")

    def _file(self) -> Path | None:
        if float(os.environ.get("RASA_MAX_CACHE_SIZE", "1")) == 0:
            return None
        return Path(os.environ.get("RASA_CACHE_DIRECTORY", ".rasa/cache"), self._name)


@cache
def origin(files: tuple[str, ...], packages: tuple[str, ...]) -> bytes:
    """A fingerprint of these source files and the versions of these packages, for keys."""
    parts = [*(Path(each).read_bytes() for each in files), *(f"{each} {version(each)}".encode() for each in packages)]
    return blake2b(b"\0".join(parts), digest_size=16).digest()
