"""A wire to a database that is slow, refuses calls, or breaks in the middle of a write: for benchmarks/faults.py.

It knows of both protocols only where a request begins and which one writes a turn.
"""

from __future__ import annotations

import random
import socket
import struct
import time
from contextlib import suppress

from benchmarks.fault_points import REFUSED_SHARE, SLOW_SECONDS
from tests.e2e.canaries import ZLIB
from tests.e2e.wire import Wire

CUT_SHARE = 0.15
_REFUSED = b"SERROR\0C53300\0Mrefused by the fault matrix\0\0"


class BadWire(Wire):
    """A wire for `postgresql` or `redis`; `word` is slow, refuse, cut, or empty while all is well."""

    def __init__(self, host: str, port: int, language: str) -> None:
        super().__init__(host, port)
        self.word = ""
        self.happened = 0  # calls cut off
        self._language = language
        self._chance = random.Random(1)
        self._writes: dict[int, bool] = {}  # whether a turn was just written, by connection

    def pass_on(self, data: bytes, source: socket.socket, target: socket.socket, is_request: bool) -> None:
        if is_request:
            del self.sent[:]
            about = self._is_about_conversations(data)
            commits, self._writes[id(source)] = self._commits(data, id(source)), b"INTO turns" in data
            if self.word == "slow" and about:
                time.sleep(SLOW_SECONDS)
            elif self.word == "refuse" and self._may_refuse(data) and self._chance.random() < REFUSED_SHARE:
                source.sendall(self._refusal())
                return
            elif self.word == "cut" and commits and self._chance.random() < CUT_SHARE:
                self.happened += 1
                self._cut_off(data, source, target)
                raise ConnectionError
        target.sendall(data)

    def _cut_off(self, data: bytes, source: socket.socket, target: socket.socket) -> None:
        """Break off in the middle of the call, or after it, in turn: then it is carried out and nobody hears of it."""
        if self.happened % 2:
            target.sendall(data[: len(data) // 2])
        else:
            with suppress(OSError):
                source.shutdown(socket.SHUT_RDWR)
            target.sendall(data)
            time.sleep(0.1)

    def _is_about_conversations(self, data: bytes) -> bool:
        if self._language == "redis":
            return b"skycap:talk" in data
        return b" turns" in data or b" conversations" in data

    def _commits(self, data: bytes, connection: int) -> bool:
        if self._language == "redis":  # a packed turn stands in no other call
            return b"skycap:talk" in data and ZLIB in data
        return b"INTO turns" in data or (b"COMMIT" in data and self._writes.get(connection, False))

    def _may_refuse(self, data: bytes) -> bool:
        if self._language == "redis":  # one answer for one call
            return data.startswith(b"*") and not any(each in data for each in (b"MULTI", b"BLPOP", b"HELLO", b"CLIENT"))
        return data.startswith(b"Q")

    def _refusal(self) -> bytes:
        if self._language == "redis":
            return b"-ERR refused by the fault matrix\r\n"
        return b"E" + struct.pack("!I", len(_REFUSED) + 4) + _REFUSED + b"Z" + struct.pack("!I", 5) + b"E"
