"""A DynamoDB to test against: moto's, over HTTP, which can be told to fail."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable
from functools import lru_cache

from werkzeug.serving import make_server

THROTTLED = b'{"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}'


class MotoServer:
    """Answers at `address`, one request after the other: moto does not keep transactions apart.

    `fault` is asked about each request, by its operation: "throttled" refuses it, "lost" carries it out and hides the
    answer behind an error, None answers.
    """

    def __init__(self) -> None:
        from moto.server import DomainDispatcherApplication, create_backend_app  # a second, for those who use it

        self.fault: Callable[[str], str | None] = lambda operation: None
        self._moto = DomainDispatcherApplication(create_backend_app)
        server = make_server("127.0.0.1", 0, self._answer)
        self.address = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def _answer(self, environment: dict, start: Callable) -> Iterable[bytes]:
        fault = self.fault(environment.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2])
        if fault is None:
            return self._moto(environment, start)
        if fault == "lost":
            list(self._moto(environment, lambda *_: None))
        else:
            environment["wsgi.input"].read(int(environment["CONTENT_LENGTH"]))
        status, answer = (
            ("400 Bad Request", THROTTLED) if fault == "throttled" else ("500 Internal Server Error", b"{}")
        )
        start(status, [("Content-Type", "application/x-amz-json-1.0"), ("Content-Length", str(len(answer)))])
        return [answer]


@lru_cache(maxsize=1)
def moto_server() -> MotoServer:
    """One for all tests, with credentials for it in the environment."""
    os.environ |= {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    return MotoServer()
