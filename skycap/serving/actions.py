"""Custom actions in the server's own process: the code and the contract of `rasa run actions`, without HTTP."""

from __future__ import annotations

import asyncio
import contextvars
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

THREADS = 8


class InProcessActions(EndpointConfig):
    """An action endpoint that runs a package's actions here, in threads: a slow database stalls nobody else."""

    def __init__(self, package: str = "actions") -> None:
        super().__init__(url=f"in-process://{package}", enable_selective_domain=True)
        logging.getLogger("rasa_sdk.executor").setLevel(logging.WARNING)  # it logs every action it registers
        self._executor = ActionExecutor()
        self._executor.register_package(package)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="actions")

    @property
    def names(self) -> set[str]:
        """The actions that can be run."""
        return set(self._executor.actions)

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = None,
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Run one action call. Raises ClientResponseError as the HTTP action server would cause."""
        call = kwargs["json"]

        def run() -> Any:
            return asyncio.run(self._executor.run(call))

        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, contextvars.copy_context().run, run)
        except ActionExecutionRejection as rejection:
            body = json.dumps({"action_name": rejection.action_name, "error": str(rejection)})
            raise ClientResponseError(400, "rejected", body) from rejection
        except ActionNotFoundException as missing:
            raise ClientResponseError(404, "not found", json.dumps({"action_name": missing.action_name})) from missing
