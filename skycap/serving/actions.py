"""Custom actions in the server's own process: the code and the contract of `rasa run actions`, without HTTP."""

from __future__ import annotations

import asyncio
import contextvars
import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from skycap.serving.turns import step_aside
from skycap.waiting import Waits, at_once

THREADS = 8


class InProcessActions(EndpointConfig):
    """An action endpoint that runs a package's actions here, in threads: a slow database stalls nobody else.

    One that says `starts_at_once` starts in the event loop, and goes into a thread when it has to wait.
    """

    def __init__(self, package: str = "actions") -> None:
        super().__init__(url=f"in-process://{package}", enable_selective_domain=True)
        logging.getLogger("rasa_sdk.executor").setLevel(logging.WARNING)  # it logs every action it registers
        self._executor = ActionExecutor()
        self._executor.register_package(package)
        self._loops: list[asyncio.AbstractEventLoop] = []
        self._threads = ThreadPoolExecutor(THREADS, "actions", initializer=self._open_loop)

    def close(self) -> None:
        """End its threads."""
        self._threads.shutdown()
        for each in self._loops:
            each.close()

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
        try:
            return await self.call(kwargs["json"])
        except ActionExecutionRejection as rejection:
            body = json.dumps({"action_name": rejection.action_name, "error": str(rejection)})
            raise ClientResponseError(400, "rejected", body) from rejection
        except ActionNotFoundException as missing:
            raise ClientResponseError(404, "not found", json.dumps({"action_name": missing.action_name})) from missing

    async def call(self, call: dict[str, Any]) -> dict[str, Any]:
        """Run one action call. Raises ActionExecutionRejection, ActionNotFoundException and what the action raises."""
        action = self._executor.actions.get(call.get("next_action"))
        if getattr(getattr(action, "__self__", None), "starts_at_once", False):
            try:
                with at_once():
                    return await self._executor.run(call)
            except Waits:
                pass
        step_aside()
        run = contextvars.copy_context().run
        return await asyncio.get_running_loop().run_in_executor(self._threads, run, self._run, call)

    def _run(self, call: dict[str, Any]) -> dict[str, Any]:
        return _thread.loop.run_until_complete(self._executor.run(call))

    def _open_loop(self) -> None:
        """Give this thread an event loop of its own, for actions that are coroutines."""
        _thread.loop = asyncio.new_event_loop()
        self._loops.append(_thread.loop)


_thread = threading.local()
