"""A server whose every written byte can be read: its directory, its temporary files, its databases, what it answers."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import psycopg2
import redis
from sqlalchemy.engine import make_url

from benchmarks.server import ServerProcess
from skycap.settings import ROOT
from tests.e2e.wire import Wire

TOKEN = "a token of the tests"
REGION = "eu-central-1"
STORE = """\
tracker_store:
  type: skycap.state.tracker_store.WindowTrackerStore
  url: {url}
"""
WITH_ARCHIVE = "  archive: sqlite:///{directory}/archive.db\n"
REDIS_LOCKS = "lock_store:\n  type: skycap.state.locks.RedisLocks\n  url: {url}\n"


class WatchedServer(ServerProcess):
    """`skycap serve` with DEBUG logs and Rasa's HTTP API, or tests/e2e/saboteur.py in its place."""

    def __init__(self, directory: Path, *, saboteur: bool = False, **settings: str) -> None:
        super().__init__(directory, today="2027-03-01", log_level="DEBUG", enable_api="1", api_token=TOKEN, **settings)
        self.wires: dict[str, Wire] = {}
        self.errors: dict[str, bytes] = {}
        if saboteur:
            self.MODULE = "tests.e2e.saboteur"
        self._postgres = self._redis = ""
        self._dynamo: tuple[str, str] | None = None
        (directory / "temporary").mkdir(exist_ok=True)

    def use_postgres(self, url: str) -> None:
        """Keep bookings, vault and conversations in PostgreSQL, over a wire."""
        self._postgres, address = url, make_url(url)
        wire = self._lay("PostgreSQL", address.host or "127.0.0.1", address.port or 5432)
        there = address.set(host="127.0.0.1", port=wire.port, query={"sslmode": "disable"})
        self.settings["database_url"] = there.render_as_string(hide_password=False)
        self._configure(STORE.format(url=self.settings["database_url"]))

    def use_redis(self, url: str) -> None:
        """Keep vault, conversations and locks in Redis, over a wire; what leaves a window in SQLite."""
        self._redis, address = url, make_url(url)
        wire = self._lay("Redis", address.host or "127.0.0.1", address.port or 6379)
        there = self.settings["vault_url"] = f"redis://127.0.0.1:{wire.port}/{address.database}"
        self.settings["window_turns"] = "5"  # so that turns leave it
        self._configure((STORE + WITH_ARCHIVE + REDIS_LOCKS).format(url=there, directory=self.directory))

    def use_dynamo(self, endpoint: str, table: str) -> None:
        """Keep conversations in this table of DynamoDB, over a wire."""
        self._dynamo, address = (endpoint, table), urlsplit(endpoint)
        wire = self._lay("DynamoDB", address.hostname or "127.0.0.1", address.port or 80)
        there = f"dynamodb://{table}?region={REGION}&endpoint=http://127.0.0.1:{wire.port}"
        self._configure(STORE.format(url=there))

    def _configure(self, endpoints: str) -> None:
        Path(self.settings["endpoints"]).write_text(endpoints)

    def _lay(self, name: str, host: str, port: int) -> Wire:
        wire = self.wires[name] = Wire(host, port)
        wire.mend()
        return wire

    @contextmanager
    def databases_away(self) -> Iterator[None]:
        """While inside, nothing reaches a database behind a wire."""
        for wire in self.wires.values():
            wire.cut()
        try:
            yield
        finally:
            for wire in self.wires.values():
                wire.mend()

    @property
    def is_running(self) -> bool:
        return bool(self._process)

    def environment(self) -> dict[str, str]:
        temporary = {"TMPDIR": str(self.directory / "temporary"), "SABOTAGE": str(self.directory.with_suffix(".out"))}
        return super().environment() | temporary

    def post(self, path: str, body: bytes) -> tuple[int, str]:
        return self._kept(path, super().post(path, body))

    def get(self, path: str) -> tuple[int, str]:
        return self._kept(path, super().get(path))

    def _kept(self, path: str, answer: tuple[int, str]) -> tuple[int, str]:
        """Replies belong to their traveller and go nowhere else; errors and figures are for everybody."""
        if answer[0] >= 400 or path == "/metrics":
            self.errors[f"answer {len(self.errors)} of {path.split('?')[0]}"] = answer[1].encode()
        return answer

    def report(self) -> None:
        """Take all that was said into the analytics tables, and keep what the command prints."""
        command = [sys.executable, "-m", "skycap.cli", "report", "--refresh"]
        done = subprocess.run(command, env=self.environment(), cwd=ROOT, capture_output=True, check=True)
        self.errors["skycap report"] = done.stdout + done.stderr

    def written(self) -> dict[str, bytes]:
        """Every byte that the server wrote or sent to a database, by place."""
        self.get("/metrics")
        files = {f"var/{path.name}": path.read_bytes() for path in (ROOT / "var").rglob("*") if path.is_file()}
        files |= {path.name: path.read_bytes() for path in self.directory.rglob("*") if path.is_file()}
        files |= {f"what was sent to {name}": bytes(wire.sent) for name, wire in self.wires.items()}
        return files | _tables(self._postgres) | _keys(self._redis) | self._items() | self.errors

    def _items(self) -> dict[str, bytes]:
        """Every text and every byte of every item in DynamoDB, by item."""
        if not self._dynamo:
            return {}
        endpoint, table = self._dynamo
        client = boto3.client("dynamodb", region_name=REGION, endpoint_url=endpoint)
        items = [item for page in client.get_paginator("scan").paginate(TableName=table) for item in page["Items"]]
        values = [[value for field in item.values() for value in field.values()] for item in items]
        return {
            f"item {number}": b" ".join(each if isinstance(each, bytes) else str(each).encode() for each in mine)
            for number, mine in enumerate(values)
        }


def _tables(url: str) -> dict[str, bytes]:
    """Every column of every row of every table in PostgreSQL, by table."""
    if not url:
        return {}
    tables = {}
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (name,) in cursor.fetchall():
            rows = io.StringIO()
            cursor.copy_expert(f'COPY "{name}" TO STDOUT (FORMAT csv)', rows)
            tables[f"table {name}"] = rows.getvalue().encode()
    connection.close()
    return tables


def _keys(url: str) -> dict[str, bytes]:
    """The value of every key in Redis, by key."""
    if not url:
        return {}
    with redis.Redis.from_url(url) as client:
        read: dict[bytes, Any] = {
            b"string": lambda key: [client.get(key)],
            b"hash": lambda key: [each for pair in client.hgetall(key).items() for each in pair],
            b"list": lambda key: client.lrange(key, 0, -1),
            b"set": client.smembers,
            b"zset": lambda key: client.zrange(key, 0, -1),
        }
        return {f"key {key.decode()}": b" ".join(read[client.type(key)](key)) for key in client.scan_iter()}


@contextmanager
def empty_redis() -> Iterator[str | None]:
    """The address of an empty Redis database, emptied again afterwards; None when no server answers."""
    server = os.environ.get("SKYCAP_TEST_REDIS_URL", "redis://127.0.0.1:6379/0")
    for number in range(15, 0, -1):
        url = make_url(server).set(database=str(number)).render_as_string(hide_password=False)
        with redis.Redis.from_url(url) as client:
            try:
                if client.dbsize():
                    continue
            except redis.RedisError:
                break
            yield url
            for key in client.scan_iter("skycap:*"):
                client.delete(key)
            return
    yield None
