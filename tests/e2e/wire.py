"""The way to a database: a TCP proxy that can be cut and mended, and knows what was ever sent to the database."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

from benchmarks.server import free_port


class Wire:
    """A TCP proxy that can be cut and mended. `sent` is every byte that went to the other end."""

    def __init__(self, host: str, port: int) -> None:
        self.port = free_port()
        self.sent = bytearray()
        self._target = (host, port)
        self._ends: list[socket.socket] = []
        self._listening: socket.socket | None = None

    def mend(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def cut(self) -> None:
        for each in (self._listening, *self._ends):
            if each:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
                each.close()
        self._ends, self._listening = [], None

    def pass_on(self, data: bytes, source: socket.socket, target: socket.socket, is_request: bool) -> None:
        """What happens to data on its way; here nothing."""
        target.sendall(data)

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                here, _ = listening.accept()
                try:
                    there = socket.create_connection(self._target)
                except OSError:  # nobody is there now
                    here.close()
                    continue
                self._ends += [here, there]
                for source, target in ((here, there), (there, here)):
                    threading.Thread(target=self._carry, args=(source, target, source is here), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, keep: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if keep:
                    self.sent += data
                self.pass_on(data, source, target, keep)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
