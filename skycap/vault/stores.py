"""Where the vault keeps sealed values: in memory, in a SQL database, in Redis. All pass the same contract tests.

A conversation is stored under a hash of its id: ids of some channels are phone numbers. What is asked after its time is
gone. `SqlVault` and `RedisVault` may be used by several processes at once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

import redis
from sqlalchemy import (
    Column,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    create_engine,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.pool import QueuePool

from skycap.vault.keys import Keys
from skycap.vault.sealing import Sealed, Sealing


class MemoryVault(Sealing):
    """In this process; gone with it."""

    def __init__(self, keys: Keys, seconds: int, clock: Callable[[], float] = time.time) -> None:
        super().__init__(keys, seconds, clock)
        self._values: dict[str, dict[tuple[str, int], tuple[str, str]]] = {}
        self._until: dict[str, float] = {}
        self._sealed_check: str | None = None
        self._lock = threading.Lock()  # actions run in threads

    def _keep(self, conversation: str, values: Sequence[Sealed]) -> list[int]:
        with self._lock:
            self.expire()
            self._until[conversation] = self._clock() + self._seconds
            return [self._number(self._values.setdefault(conversation, {}), each) for each in values]

    @staticmethod
    def _number(values: dict[tuple[str, int], tuple[str, str]], new: Sealed) -> int:
        for (kind, number), (fingerprint, _) in values.items():
            if kind == new.kind and fingerprint in new.prints:
                return number
        number = 1 + sum(kind == new.kind for kind, _ in values)
        values[new.kind, number] = new.prints[0], new.sealed
        return number

    def _fetch(self, conversation: str, kind: str, number: int) -> str | None:
        if self._until.get(conversation, 0.0) <= self._clock():
            return None
        return self._values.get(conversation, {}).get((kind, number), (None, None))[1]

    def _fetch_all(self, conversation: str) -> dict[tuple[str, int], str]:
        if self._until.get(conversation, 0.0) <= self._clock():
            return {}
        return {key: sealed for key, (_, sealed) in self._values.get(conversation, {}).items()}

    def _all(self, conversation: str) -> list[tuple[str, str, int, str]]:
        with self._lock:
            mine = [conversation] if conversation else list(self._values)
            return [(one, *key, sealed) for one in mine for key, (_, sealed) in self._values.get(one, {}).items()]

    def discard(self, hashed_conversation: str) -> int:
        self._until.pop(hashed_conversation, None)
        return len(self._values.pop(hashed_conversation, {}))

    def expire(self) -> int:
        now, gone = self._clock(), 0
        for conversation in [each for each, until in self._until.items() if until <= now]:
            del self._until[conversation]
            gone += len(self._values.pop(conversation, {}))
        return gone

    def _check(self, sealed: str) -> str:
        self._sealed_check = self._sealed_check or sealed
        return self._sealed_check

    def close(self) -> None:
        pass


_metadata = MetaData()
_values = Table(
    "vault",
    _metadata,
    Column("conversation", String(64), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("until", Float, nullable=False, index=True),
    UniqueConstraint("conversation", "kind", "fingerprint"),  # one value has one token, whoever is first
)

# What every turn asks, made once: making a statement costs more than the database does.
_mine, _is_alive = _values.c.conversation == bindparam("mine"), _values.c.until > bindparam("now")
_ALL_OF = select(_values.c.kind, _values.c.number, _values.c.sealed).where(_mine, _is_alive)
_of_kind = _values.c.kind == bindparam("of_kind")
_ONE_OF = select(_values.c.sealed).where(_mine, _of_kind, _values.c.number == bindparam("numbered"), _is_alive)
_NUMBER_OF = select(_values.c.number).where(
    _mine, _of_kind, _values.c.fingerprint.in_(bindparam("prints", expanding=True))
)
_LAST_OF = select(func.max(_values.c.number)).where(_mine, _of_kind)
_LIVE_ON = update(_values).where(_mine).values(until=bindparam("new_until"))
_LOCK = select(func.pg_advisory_xact_lock(func.hashtext(bindparam("mine"))))
_ADD = insert(_values)


class SqlVault(Sealing):
    """In a SQL database: SQLite or PostgreSQL. Makes its own table."""

    def __init__(self, keys: Keys, seconds: int, url: str, clock: Callable[[], float] = time.time) -> None:
        super().__init__(keys, seconds, clock)
        lite = make_url(url).get_backend_name() == "sqlite"
        self._engine = create_engine(
            url,
            future=True,
            hide_parameters=True,
            **(
                {
                    "poolclass": QueuePool,
                    "pool_use_lifo": True,  # the last one used again: each connection keeps up to 2 MB of pages
                    "connect_args": {"timeout": 30, "check_same_thread": False},
                }
                if lite
                else {"pool_pre_ping": True, "connect_args": {"connect_timeout": 5}}
            ),
        )
        self._has_table = False

    def _open(self) -> Engine:
        """The engine, its table made on first use: a message without personal data needs no vault."""
        if not self._has_table:
            try:
                _metadata.create_all(self._engine)
            except DatabaseError:  # another process made the table at the same moment
                _metadata.create_all(self._engine)
            self._has_table = True
        return self._engine

    def _keep(self, conversation: str, values: Sequence[Sealed]) -> list[int]:
        for _ in range(50):
            try:
                with self._open().begin() as connection:
                    if connection.dialect.name == "postgresql":  # one writer a conversation; two wait for each other
                        connection.execute(_LOCK, {"mine": conversation})
                    until = self._clock() + self._seconds
                    # the whole conversation lives on; on SQLite this also takes the write lock
                    connection.execute(_LIVE_ON, {"mine": conversation, "new_until": until})
                    return [self._number(connection, conversation, each, until) for each in values]
            except IntegrityError:  # another process took a number
                continue
        raise RuntimeError("The vault found no free number in 50 tries. Is a client flooding one conversation?")

    @staticmethod
    def _number(connection: Connection, conversation: str, new: Sealed, until: float) -> int:
        asked = {"mine": conversation, "of_kind": new.kind}
        if (number := connection.execute(_NUMBER_OF, {**asked, "prints": new.prints}).scalar()) is not None:
            return number
        number = 1 + (connection.execute(_LAST_OF, asked).scalar() or 0)
        row = {"conversation": conversation, "kind": new.kind, "number": number, "fingerprint": new.prints[0]}
        connection.execute(_ADD, {**row, "sealed": new.sealed, "until": until})
        return number

    def _fetch(self, conversation: str, kind: str, number: int) -> str | None:
        asked = {"mine": conversation, "of_kind": kind, "numbered": number, "now": self._clock()}
        with self._open().connect() as connection:
            return connection.execute(_ONE_OF, asked).scalar()

    def _fetch_all(self, conversation: str) -> dict[tuple[str, int], str]:
        with self._open().connect() as connection:
            rows = connection.execute(_ALL_OF, {"mine": conversation, "now": self._clock()})
            return {(kind, number): sealed for kind, number, sealed in rows}

    def _all(self, conversation: str) -> list[tuple[str, str, int, str]]:
        mine = _values.c.conversation == conversation if conversation else _values.c.kind != "CHECK"
        query = select(_values.c.conversation, _values.c.kind, _values.c.number, _values.c.sealed).where(mine)
        with self._open().connect() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def discard(self, hashed_conversation: str) -> int:
        with self._open().begin() as connection:
            return connection.execute(delete(_values).where(_values.c.conversation == hashed_conversation)).rowcount

    def expire(self) -> int:
        with self._open().begin() as connection:
            return connection.execute(delete(_values).where(_values.c.until <= self._clock())).rowcount

    def _check(self, sealed: str) -> str:
        row = {"conversation": "", "kind": "CHECK", "number": 0, "fingerprint": "", "until": float(2**53)}
        query = select(_values.c.sealed).where(_values.c.conversation == "", _values.c.kind == "CHECK")
        for _ in range(2):
            with self._open().begin() as connection:
                if kept := connection.execute(query).scalar():
                    return kept
                try:
                    with connection.begin_nested():
                        connection.execute(insert(_values).values(**row, sealed=sealed))
                    return sealed
                except IntegrityError:
                    continue
        return sealed

    def close(self) -> None:
        self._engine.dispose()


class RedisVault(Sealing):
    """In Redis: one hash for each conversation, which expires as a whole."""

    def __init__(
        self, keys: Keys, seconds: int, url: str, clock: Callable[[], float] = time.time, prefix: str = "skycap:vault:"
    ) -> None:
        super().__init__(keys, seconds, clock)
        self._redis = redis.Redis.from_url(url, decode_responses=True)
        self._prefix = prefix

    def _keep(self, conversation: str, values: Sequence[Sealed]) -> list[int]:
        return [self._number(self._prefix + conversation, each) for each in values]

    def _number(self, key: str, new: Sealed) -> int:
        kind, prints = new.kind, new.prints
        known = [each for each in self._redis.hmget(key, [f"print {kind} {each}" for each in prints]) if each]
        if known:
            self._redis.expire(key, self._seconds)
            return int(known[0])
        number = self._redis.hincrby(key, f"last {kind}", 1)
        self._redis.expire(key, self._seconds)  # at once: a process that dies here leaves nothing for ever
        self._redis.hset(key, f"value {kind} {number}", new.sealed)
        if not self._redis.hsetnx(key, f"print {kind} {prints[0]}", number):  # another process kept the same value
            self._redis.hdel(key, f"value {kind} {number}")
            return int(self._redis.hget(key, f"print {kind} {prints[0]}"))
        return number

    def _fetch(self, conversation: str, kind: str, number: int) -> str | None:
        return self._redis.hget(self._prefix + conversation, f"value {kind} {number}")

    def _fetch_all(self, conversation: str) -> dict[tuple[str, int], str]:
        fields = self._redis.hgetall(self._prefix + conversation)
        named = {tuple(field.split(" ")[1:]): sealed for field, sealed in fields.items() if field.startswith("value ")}
        return {(kind, int(number)): sealed for (kind, number), sealed in named.items()}

    def _all(self, conversation: str) -> list[tuple[str, str, int, str]]:
        keys = [self._prefix + conversation] if conversation else list(self._redis.scan_iter(f"{self._prefix}*"))
        mine = {key.removeprefix(self._prefix) for key in keys} - {"check"}  # a scan may name a key twice
        return [(one, *key, sealed) for one in sorted(mine) for key, sealed in self._fetch_all(one).items()]

    def discard(self, hashed_conversation: str) -> int:
        key = self._prefix + hashed_conversation
        values = sum(field.startswith("value ") for field in self._redis.hkeys(key))
        self._redis.delete(key)
        return values

    def expire(self) -> int:
        return 0  # Redis does it

    def _check(self, sealed: str) -> str:
        self._redis.setnx(f"{self._prefix}check", sealed)
        return self._redis.get(f"{self._prefix}check") or sealed

    def close(self) -> None:
        self._redis.close()
