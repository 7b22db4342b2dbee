"""The Redis database of `make bench`: one that is empty, and empty again afterwards."""

from __future__ import annotations

from urllib.parse import urlsplit

from redis import Redis
from redis.exceptions import RedisError


class NoRedis(RuntimeError):
    """Redis cannot be measured; the message says why."""


class RedisDatabase:
    """A numbered database of a running Redis that is used by nobody else."""

    def __init__(self, url: str) -> None:
        """Look at the database at `url`. Raises NoRedis when nobody answers there, or when it holds anything."""
        self.url = url
        address = urlsplit(url)
        self.host, self.port, self.number = (
            address.hostname or "127.0.0.1",
            address.port or 6379,
            address.path[1:] or "0",
        )
        self._redis = Redis.from_url(url, socket_timeout=10, socket_connect_timeout=2)
        try:
            keys = self._redis.dbsize()
        except RedisError as error:
            raise NoRedis(f"No Redis answers at {url} ({type(error).__name__}).") from error
        if keys:
            raise NoRedis(f"The Redis database {url} holds {keys} keys. Name an empty one with --redis; it is emptied.")

    @property
    def process(self) -> int:
        """The process id of the server, which counts as ours only where it runs on this machine."""
        return int(self._redis.info("server")["process_id"])

    def empty(self) -> None:
        """Delete everything in this database."""
        self._redis.flushdb()
