"""How a person on the machine asks a running server for another model: a line of JSON there, a line back.

`skycap model use` knocks, `supervisor.py` opens. A socket of Linux's abstract namespace, named after host and port: it
leaves no file behind, and only the server's own user and root are heard.
"""

from __future__ import annotations

import json
import os
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from skycap.settings import Settings

MOST_BYTES = 65_536
PATIENCE_SECONDS = 600.0  # a big model on a busy machine
_UID = struct.Struct("iII")  # struct ucred: pid, uid, gid


class NotAnswered(RuntimeError):
    """No server could be asked; the message says what to do."""


@dataclass(frozen=True)
class Asker:
    """Somebody who waits for an answer. `archive` None: what they asked cannot be read."""

    connection: socket.socket
    archive: Path | None

    def answer(self, *, served: bool, text: str) -> None:
        """Tell how it went; whether they still listen is their affair."""
        with self.connection, suppress(OSError):
            self.connection.sendall(json.dumps({"served": served, "text": text}).encode() + b"\n")


class Door:
    """The server's side."""

    def __init__(self, settings: Settings) -> None:
        """Raises OSError when another server has this host and port."""
        self._listening = socket.socket(socket.AF_UNIX)
        try:
            self._listening.bind(_address(settings))
        except OSError:
            self._listening.close()
            raise
        self._listening.listen(8)

    def fileno(self) -> int:
        return self._listening.fileno()

    def asked(self) -> Asker | None:
        """Who just knocked; None when it is not for them to ask."""
        connection, _ = self._listening.accept()
        credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UID.size)
        if _UID.unpack(credentials)[1] not in (0, os.geteuid()):
            connection.close()
            return None
        connection.settimeout(2.0)
        try:
            return Asker(connection, Path(json.loads(connection.recv(MOST_BYTES))["model"]))
        except (OSError, ValueError, LookupError, TypeError):
            return Asker(connection, None)

    def close(self) -> None:
        self._listening.close()


def ask_for(settings: Settings, archive: Path) -> tuple[bool, str]:
    """Ask the server of these settings to serve this archive; whether it does now, and a sentence about it.

    Raises NotAnswered.
    """
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(PATIENCE_SECONDS)
            connection.connect(_address(settings))
            connection.sendall(json.dumps({"model": str(archive.resolve())}).encode())
            with connection.makefile() as lines:
                answer = json.loads(lines.readline())
    except (OSError, ValueError) as error:
        raise NotAnswered(
            f"No server answers on port {settings.port} of this machine ({type(error).__name__}). Is it running, as "
            "the same user and with the same SKYCAP_HOST and SKYCAP_PORT?"
        ) from error
    return answer["served"], answer["text"]


def _address(settings: Settings) -> str:
    return f"\0skycap {settings.host} {settings.port}"
