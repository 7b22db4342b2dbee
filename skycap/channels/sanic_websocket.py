"""Engine.IO's WebSocket over Sanic 21.12, mended for Python 3.11.

Place in the flow: under skycap/channels/web.py, between Engine.IO and Sanic. Sanic 21.12 hands a coroutine to
`asyncio.wait`, which Python 3.11 refuses: the first receive fails and every WebSocket closes at once, which leaves only
slow long polling. Handing it a task instead works on 3.10 and 3.11 alike.
"""

from __future__ import annotations

import asyncio
from typing import Any

from engineio.async_drivers.sanic import WebSocket
from sanic.server.websockets.frame import WebsocketFrameAssembler


class TaskAssembler(WebsocketFrameAssembler):
    """Sanic's assembler of messages, whose `get` starts at once and may be given to `asyncio.wait`."""

    def get(self, timeout: float | None = None) -> asyncio.Task[Any]:
        return asyncio.ensure_future(super().get(timeout))


class TaskWebSocket(WebSocket):
    """Engine.IO's driver with that assembler."""

    async def __call__(self, environ: dict[str, Any]) -> Any:
        request = environ["sanic.request"]
        self._sock = await request.transport.get_protocol().websocket_handshake(request)
        self._sock.assembler = TaskAssembler(self._sock)  # nothing can have been received yet
        self.environ = environ
        await self.handler(self)
        return self.server._ok()
