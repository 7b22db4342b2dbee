"""One `skycap serve` process of one's own, for measurements and end-to-end tests.

Started as in production, by the command line, on a free port, with databases in a directory of its own. Reads
nothing of the caller's SKYCAP_ environment.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from cryptography.fernet import Fernet

from skycap.settings import ROOT

START_SECONDS = 240.0
ENDPOINTS = """\
tracker_store:
  type: skycap.state.tracker_store.WindowTrackerStore
  url: {conversations}
"""
REDIS_LOCKS = """\
lock_store:
  type: skycap.state.locks.RedisLocks
  url: {redis}
"""


class ServerFailed(RuntimeError):
    """The server did not become ready; the message holds the end of its log."""


def free_port() -> int:
    """A TCP port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children(pid: int) -> list[int]:
    """The processes that this one has started, and theirs (Linux)."""
    found = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # ended meanwhile
            for child in map(int, listed.read_text().split()):
                found += [child, *children(child)]
    return found


def kill_all(process: subprocess.Popen[bytes]) -> None:
    """End a process and those below it as a power cut would."""
    for pid in (process.pid, *children(process.pid)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


class ServerProcess:
    """A server that may be started, killed and started again on the same databases."""

    COMMAND = "skycap serve"
    MODULE = "skycap.cli"
    READY = "/health/ready"

    def __init__(self, directory: Path, *, redis: str | None = None, project: Path = ROOT, **settings: str) -> None:
        """Build it, not started.

        Args:
            directory: for its databases and its log, `server.log`.
            redis: where conversations and locks are (redis://…); None: conversations in SQLite in `directory`.
            project: where the code, languages and the model are.
            settings: Skycap's settings by name, such as `today="2027-03-01"`; they go before the ones made here.
        """
        self.directory, self.project = directory, project
        self.log = directory / "server.log"
        self.redis = redis
        endpoints = directory / "endpoints.yml"
        written = ENDPOINTS.format(conversations=redis or f"sqlite:///{directory}/conversations.db")
        endpoints.write_text(written + (REDIS_LOCKS.format(redis=redis) if redis else ""))
        self.settings = {
            "host": "127.0.0.1",
            "port": str(free_port()),
            "database_url": f"sqlite:///{directory / 'flights.db'}",
            "endpoints": str(endpoints),
            "vault_key": Fernet.generate_key().decode(),
            "web_secret": "a secret of measurements and tests",
            **settings,
        }
        self.url = f"http://127.0.0.1:{self.settings['port']}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def processes(self) -> dict[str, int]:
        """The process ids of what runs now, by command."""
        return {self.COMMAND: self._process.pid} if self._process else {}

    def environment(self) -> dict[str, str]:
        """The environment of its processes: the caller's with these settings in the place of the caller's own."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SKYCAP_")}
        environment.update({f"SKYCAP_{name.upper()}": value for name, value in self.settings.items()})
        environment["RASA_TELEMETRY_ENABLED"] = "false"
        return environment

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the process and return at once."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self.MODULE, "serve"],
                cwd=self.project,
                env=self.environment(),
                stdout=log,
                stderr=log,
            )
        return self._process

    def start(self, *, timeout_seconds: float = START_SECONDS) -> None:
        """Start and wait until ready. Raises ServerFailed when it ends or does not get ready in time."""
        process = self.spawn()
        until = time.monotonic() + timeout_seconds
        while time.monotonic() < until:
            if process.poll() is not None:
                raise ServerFailed(f"The server ended with status {process.returncode}:\n{self.log_end()}")
            if self.get(self.READY)[0] == 200:
                return
            time.sleep(0.25)
        self.stop()
        raise ServerFailed(f"The server was not ready after {timeout_seconds:g} s:\n{self.log_end()}")

    def stop(self) -> None:
        """End the process, gently at first."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """End the process as a power cut would."""
        if self._process is not None:
            kill_all(self._process)
        self._process = None

    def __enter__(self) -> ServerProcess:
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def get(self, path: str) -> tuple[int, str]:
        """Status and body of a GET; status 0 when nobody answers."""
        return self._send(urllib.request.Request(self.url + path))

    def post(self, path: str, body: bytes) -> tuple[int, str]:
        """Status and body of a POST of JSON; status 0 when nobody answers."""
        return self._send(urllib.request.Request(self.url + path, body, {"Content-Type": "application/json"}))

    def say(self, sender: str, text: str) -> list[dict[str, Any]]:
        """The replies to one message over the REST channel. Raises ServerFailed when there are none to read."""
        body = json.dumps({"sender": sender, "message": text}).encode()
        status, answer = self.post("/webhooks/rest/webhook", body)
        if status != 200:
            raise ServerFailed(f"The REST channel answered {status}: {answer[:500]}\n{self.log_end()}")
        return json.loads(answer)

    def log_end(self, characters: int = 3000) -> str:
        """The end of what the server printed."""
        return self.log.read_text(errors="replace")[-characters:] if self.log.exists() else ""

    def _send(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()
        except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
            return 0, str(error)
