"""Stock Rasa as a server of one's own: `rasa run` and `rasa run actions`, two processes, no code of `skycap serve`.

Our pipeline components and actions are used, since the model names them; engine, agent, channel, tracker store, locks
and the choice of a reply's wording are Rasa's.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.server import ServerProcess, free_port, kill_all
from skycap.settings import ROOT

HERE = Path(__file__).resolve().parent
MODEL = ROOT / "models" / "skycap.tar.gz"


class StockServer(ServerProcess):
    """Rasa's server and its action server, started and stopped together."""

    COMMAND = "rasa run"
    READY = "/webhooks/rest/"

    def __init__(self, directory: Path, *, redis: str | None = None, workers: str = "1", **settings: str) -> None:
        """As ServerProcess; `workers` is Rasa's SANIC_WORKERS, of which Rasa makes use with locks in Redis only."""
        super().__init__(directory, redis=redis, **settings)
        self.workers = workers
        self.model = Path(settings.get("model", MODEL))
        self._actions: subprocess.Popen[bytes] | None = None

    @property
    def processes(self) -> dict[str, int]:
        return super().processes | ({"rasa run actions": self._actions.pid} if self._actions else {})

    def spawn(self) -> subprocess.Popen[bytes]:
        actions_port = free_port()
        environment = self.environment() | {
            "SANIC_HOST": "127.0.0.1",  # the action server has no option for it and would listen on every address
            "STOCK_ACTIONS_URL": f"http://127.0.0.1:{actions_port}/webhook",
            "STOCK_CONVERSATIONS": str(self.directory / "conversations.db"),
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
            "SANIC_WORKERS": self.workers,
        }
        if self.redis:
            address = urlsplit(self.redis)
            environment |= {
                "STOCK_REDIS_HOST": address.hostname or "127.0.0.1",
                "STOCK_REDIS_PORT": str(address.port or 6379),
                "STOCK_REDIS_DATABASE": address.path[1:] or "0",
            }
        self._actions = self._rasa(["run", "actions", "--port", str(actions_port)], environment, "actions.log")
        self._process = self._rasa(
            [
                "run", "--enable-api", "--interface", "127.0.0.1", "--port", self.settings["port"],
                "--model", str(self.model), "--endpoints", str(HERE / ("redis.yml" if self.redis else "endpoints.yml")),
                "--credentials", str(HERE / "credentials.yml"),
            ],
            environment,
            self.log.name,
        )  # fmt: skip
        return self._process

    def stop(self) -> None:
        super().stop()
        if self._actions is not None:
            self._actions.terminate()
            try:
                self._actions.wait(15)
            except subprocess.TimeoutExpired:
                kill_all(self._actions)
        self._actions = None

    def kill(self) -> None:
        super().kill()
        if self._actions is not None:
            kill_all(self._actions)
        self._actions = None

    def _rasa(self, arguments: list[str], environment: dict[str, str], log: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "rasa", *arguments]
        with (self.directory / log).open("ab") as file:
            return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=file)
