"""Connections to one worker of a server each: which worker has accepted one is read from /proc."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from benchmarks.server import ServerProcess

PIDS = re.compile(r'^process_resident_memory_bytes\{pid="(\d+)"\}', re.M)
HEADERS = {"Content-Type": "application/json"}


class Line:
    """A connection that is kept, to the worker `pid`."""

    def __init__(self, server: ServerProcess, pids: set[int]) -> None:
        self.connection = HTTPConnection("127.0.0.1", int(server.settings["port"]), timeout=60)
        self.connection.request("GET", "/health/live")
        self.connection.getresponse().read()
        self.pid = _worker_of(self.connection, pids)

    def say(self, sender: str, text: str) -> str:
        """The replies to a message, one a paragraph. Raises OSError and HTTPException when the worker is gone."""
        body = json.dumps({"sender": sender, "message": text})
        self.connection.request("POST", "/webhooks/rest/webhook", body, HEADERS)
        answer = self.connection.getresponse()
        replies: list[dict[str, Any]] = json.loads(answer.read())
        assert answer.status == 200, replies
        return "\n".join(each["text"] for each in replies if each.get("text"))

    def close(self) -> None:
        self.connection.close()


def worker_pids(server: ServerProcess) -> set[int]:
    """The workers that there are now."""
    return {int(pid) for pid in PIDS.findall(server.get("/metrics")[1])}


def lines_to_each(server: ServerProcess) -> list[Line]:
    """One connection to every worker."""
    pids, lines = worker_pids(server), {}
    for _ in range(300):
        line = Line(server, pids)
        if line.pid in lines:
            line.close()
        else:
            lines[line.pid] = line
        if set(lines) == pids:
            return list(lines.values())
    raise AssertionError(f"of the workers {pids} only {set(lines)} accept connections")


def _worker_of(connection: HTTPConnection, pids: set[int]) -> int:
    here, there = (f"{address[1]:04X}" for address in (connection.sock.getsockname(), connection.sock.getpeername()))
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[1].endswith(f":{there}") and fields[2].endswith(f":{here}"):
            for pid in pids:
                if _has_open(pid, f"socket:[{fields[9]}]"):
                    return pid
    raise AssertionError("nobody has accepted the connection")


def _has_open(pid: int, name: str) -> bool:
    for each in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            if str(each.readlink()) == name:
                return True
    return False
