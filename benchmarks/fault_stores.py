"""Databases of one's own that may be broken: SQLite, a private PostgreSQL, a private Redis, for benchmarks/faults.py.

Each keeps all that one server keeps: conversations, personal data, and (but for Redis) bookings.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import time
from abc import ABC, abstractmethod
from contextlib import closing, suppress
from pathlib import Path

import psycopg2
import redis

from benchmarks.fault_wires import BadWire
from benchmarks.server import free_port
from skycap.state.backend import StateBackend
from skycap.state.opening import open_state

STORE = "skycap.state.tracker_store.WindowTrackerStore"
START_SECONDS = 60.0
SPOIL = """
UPDATE turns SET events = substr(events, 1, 100)
WHERE (conversation_id, number) IN (SELECT id, version FROM conversations WHERE id = {})
"""


class Store(ABC):
    """Where a server keeps things, and what settings it needs for that. `fault_points` reads `word_file`."""

    name = ""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.word_file = directory / "fault"
        self.settings: dict[str, str] = {}

    @abstractmethod
    def endpoints(self) -> str:
        """The endpoints file."""

    @abstractmethod
    def opened(self) -> StateBackend:
        """The conversations, past everything that is broken."""

    @abstractmethod
    def damage(self, conversation: str) -> None:
        """Spoil the newest turn of a conversation."""

    def say(self, word: str) -> None:
        """Let databases be so from now on (`fault_points`, `fault_wires`); well again with an empty word."""
        if word:
            self.word_file.write_text(word)
        else:
            self.word_file.unlink(missing_ok=True)

    @abstractmethod
    def start(self) -> None:
        """Start the database, if it is a server."""

    @abstractmethod
    def stop(self) -> None:
        """Kill the database, if it is a server."""


class Sqlite(Store):
    name = "sqlite"

    def start(self) -> None:
        pass

    def stop(self) -> None:
        pass

    def endpoints(self) -> str:
        return f"tracker_store: {{type: {STORE}, url: 'sqlite:///{self._file}'}}\n"

    def opened(self) -> StateBackend:
        return open_state(f"sqlite:///{self._file}")

    def damage(self, conversation: str) -> None:
        with closing(sqlite3.connect(self._file, timeout=20)) as connection, connection:
            connection.execute(SPOIL.format("?"), (conversation,))

    def lock(self, seconds: float) -> None:
        """Hold the write lock, as a back-up or another program may."""
        with closing(sqlite3.connect(self._file, timeout=20)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            time.sleep(seconds)
            connection.rollback()

    @property
    def _file(self) -> Path:
        return self.directory / "conversations.db"


class Served(Store):
    """A database server of one's own, over a wire."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self._port = free_port()
        self.wire = BadWire("127.0.0.1", self._port, self.name)
        self._process: subprocess.Popen[bytes] | None = None
        self._data = directory / self.name
        self._data.mkdir()

    def say(self, word: str) -> None:
        self.wire.word = word

    def start(self) -> None:
        with (self.directory / f"{self.name}.log").open("ab") as log:
            self._process = subprocess.Popen(self._command(), stdout=log, stderr=log, **self._options())
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > until:
                raise RuntimeError(f"{self.name} did not start: {self.directory / self.name}.log says why.")
            time.sleep(0.05)

    def limit(self, most_bytes: int | None) -> None:
        """Let no file of the server grow beyond this, as on a full disk."""
        soft = "unlimited" if most_bytes is None else most_bytes
        for process in self._processes():  # by their own user: root may lack the right
            limit = [_program("prlimit"), f"--pid={process}", f"--fsize={soft}:unlimited"]
            subprocess.run(limit, check=False, stderr=subprocess.DEVNULL, **self._options())

    def _processes(self) -> list[int]:
        """The server's process and its children."""
        parent = self._process.pid
        children = Path(f"/proc/{parent}/task/{parent}/children")
        return [parent, *map(int, children.read_text().split() if children.exists() else ())]

    @abstractmethod
    def _command(self) -> list[str]: ...

    @abstractmethod
    def _answers(self) -> bool: ...

    def _options(self) -> dict[str, object]:
        return {"restore_signals": False}  # SIGXFSZ stays ignored: a file that may not grow is an error, no end


class Postgresql(Served):
    name = "postgresql"

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self._user = "postgres" if os.geteuid() == 0 else None  # initdb refuses root
        if self._user:
            for each in (directory, self._data):
                shutil.chown(each, self._user)
            directory.parent.chmod(0o755)
        make = [_program("initdb"), "-D", str(self._data), "-U", "postgres", "-A", "trust", "--wal-segsize=1", "-N"]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL, **self._options())
        self.settings = {"database_url": self._url(self.wire.port)}

    def endpoints(self) -> str:
        return f"tracker_store: {{type: {STORE}, url: '{self._url(self.wire.port)}'}}\n"

    def opened(self) -> StateBackend:
        return open_state(self._url(self._port))

    def damage(self, conversation: str) -> None:
        self._run(SPOIL.format("%s"), (conversation,))

    def fill(self) -> None:
        """Make the table of turns larger than a segment of the log, so that it alone meets the limit."""
        events = "SELECT string_agg(md5(n || ' ' || k), '') FROM generate_series(1, 40) k"
        rows = f"SELECT 'filler', n, 1, ({events}) FROM generate_series(1, 2000) n"
        self._run(f"INSERT INTO turns (conversation_id, number, at, events) {rows}")

    def stop(self) -> None:
        self._process.send_signal(signal.SIGQUIT)  # "immediate": as after a crash
        self._process.wait()

    def _run(self, statement: str, values: tuple[object, ...] = ()) -> None:
        with closing(psycopg2.connect(self._url(self._port))) as connection, connection, connection.cursor() as cursor:
            cursor.execute(statement, values)

    def _url(self, port: int) -> str:
        return f"postgresql://postgres@127.0.0.1:{port}/postgres?sslmode=disable&gssencmode=disable"

    def _command(self) -> list[str]:
        settings = ("listen_addresses=127.0.0.1", f"unix_socket_directories={self._data}", "max_connections=60")
        return [_program("postgres"), "-D", str(self._data), "-p", str(self._port), *(f"--{each}" for each in settings)]

    def _options(self) -> dict[str, object]:
        return {**super()._options(), "user": self._user, "group": self._user, "cwd": self._data}

    def _answers(self) -> bool:
        with suppress(psycopg2.Error):
            self._run("SELECT 1")
            return True
        return False


class Redis(Served):
    """Conversations, locks and personal data in Redis; the archive and bookings in SQLite."""

    name = "redis"

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.settings = {"vault_url": self._url(self.wire.port)}
        self._archive = f"sqlite:///{directory}/archive.db"

    def endpoints(self) -> str:
        url = self._url(self.wire.port)
        locks = f"lock_store: {{type: skycap.state.locks.RedisLocks, url: '{url}'}}\n"
        return f"tracker_store: {{type: {STORE}, url: '{url}', archive: '{self._archive}'}}\n{locks}"

    def opened(self) -> StateBackend:
        return open_state(self._url(self._port), self._archive)

    def damage(self, conversation: str) -> None:
        with redis.Redis.from_url(self._url(self._port)) as client:
            place = f"skycap:talk:{{{conversation}}}"
            client.hset(f"{place}:turns", client.hget(place, "version"), '{"of": {}, "events": [')

    def fill(self) -> None:
        """Let the file that Redis appends to grow no further: with `appendfsync always` it ends then."""
        self.limit(max(each.stat().st_size for each in (self._data / "appendonlydir").iterdir()) + 1)

    def limit_memory(self, most_bytes: int) -> None:
        with redis.Redis.from_url(self._url(self._port)) as client:
            client.config_set("maxmemory", most_bytes)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def _url(self, port: int) -> str:
        return f"redis://127.0.0.1:{port}/0"

    def _command(self) -> list[str]:
        always = ["--appendonly", "yes", "--appendfsync", "always", "--save", "", "--maxmemory-policy", "noeviction"]
        return [_program("redis-server"), "--port", str(self._port), "--dir", str(self._data), *always]

    def _answers(self) -> bool:
        with redis.Redis.from_url(self._url(self._port)) as client, suppress(redis.RedisError):
            return bool(client.ping())
        return False


def _program(name: str) -> str:
    """Where a program of PostgreSQL or Redis is; Debian keeps PostgreSQL's away from PATH."""
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = shutil.which(name) or (str(newest[0]) if newest else None)
    if found is None:
        raise FileNotFoundError(f"{name} is not installed.")
    return found
