"""One worker: an event loop, connections of its own, and turns on the socket that all workers listen on.

Forked by `generation.py`. Told to stop it finishes the turns under way; told to retire it first waits until clients
have gone over to the workers that come after it, so that no message is lost.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import socket
import time
import warnings
from multiprocessing.connection import Connection
from pathlib import Path

from rasa.core.utils import AvailableEndpoints
from sanic import Sanic
from sanic.http import Stage
from sanic.server.async_server import AsyncioServer
from sanic.server.loop import try_use_uvloop

from flights import sealed
from skycap.serving.agent import CannotServe
from skycap.serving.app import create_app
from skycap.serving.children import RETIRE, STOP, step_back
from skycap.serving.model import Pace, prepare, run
from skycap.serving.rehearsal import rehearse
from skycap.settings import Settings
from skycap.vault import keys_of

BACKLOG = 1024  # connections that wait to be accepted
RETIRE_SECONDS = 10.0  # so long an idle client may take to learn that its connection ends
TURN_MARGIN_SECONDS = 5.0
NOISY = ("sanic.access", "sanic.root", "apscheduler", "matplotlib", "engineio", "socketio")
# They log what they send to a platform: to whom, and in the address the token.
TELL_WHOM = ("aiogram", "slack_sdk", "twilio", "urllib3")
M_ARENA_MAX = -8  # of glibc's mallopt
GIVE_BACK_SECONDS = 60.0
# A turn makes some 20,000 objects. With Python's thresholds (700, 10, 10) the cycles among them are taken for old ones,
# and looking through the old ones stops all turns for a tenth of a second, every few seconds.
COLLECT_AFTER = (10_000, 10, 1_000)


def work(
    says: Connection, settings: Settings, endpoints: AvailableEndpoints, archive: Path, sock: socket.socket, pace: Pace
) -> None:
    """Body of the process: says True when it serves; returns when told to end. Raises CannotServe."""
    _share_a_heap()
    gc.set_threshold(*COLLECT_AFTER)
    sealed.use(keys_of(settings))
    made: list[Sanic] = []

    def make() -> None:
        prepare(archive)
        made.append(create_app(settings, endpoints, archive))
        if pace is not Pace.FULL:
            rehearse(archive)

    run(make, pace)
    [app] = made
    level = logging.getLevelName(settings.log_level.upper())
    for noisy in (*NOISY, *TELL_WHOM):
        logging.getLogger(noisy).setLevel(max(level, logging.WARNING))  # after Rasa's application has set them
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    try_use_uvloop()
    asyncio.run(_serve(says, app, sock, settings.turn_timeout_seconds + TURN_MARGIN_SECONDS))
    step_back()  # to give back its memory takes a tenth of a second


def _share_a_heap() -> None:
    """All threads take memory from one heap: heaps of their own, which glibc makes, keep what was freed in them."""
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):  # other C libraries have one heap as it is
        mallopt(M_ARENA_MAX, 1)


async def _give_back() -> None:
    """Give free pages within the heap back to the machine every minute: glibc gives back those at its end alone."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    while trim:
        await asyncio.sleep(GIVE_BACK_SECONDS)
        trim(0)


async def _serve(says: Connection, app: Sanic, sock: socket.socket, patience: float) -> None:
    later = {"start_serving": False}
    server = await app.create_server(
        sock=sock, backlog=BACKLOG, access_log=False, return_asyncio_server=True, asyncio_server_kwargs=later
    )
    app.is_running = True  # Sanic says so only of its own run(); else its parts may not ask for the loop
    await server.startup()
    await server.before_start()
    ends = _told_to_end()
    try:
        await server.start_serving()
    except OSError as error:  # another server was bound to the port at the same moment
        raise CannotServe(f"The port cannot be listened on: {error.strerror}.") from error
    await server.after_start()
    gc.freeze()  # what serves now is never looked at again
    says.send(True)
    giving_back = asyncio.create_task(_give_back())
    number = await ends
    giving_back.cancel()
    app.ctx.ends = True  # clients hear it with their next answer
    server.server.close()
    if number == RETIRE:
        await _until(lambda: not server.connections, RETIRE_SECONDS)
    await _until(lambda: not app.ctx.turns and not any(map(_is_busy, server.connections)), patience)
    await server.before_stop()
    await _hang_up(server)
    await server.after_stop()


def _told_to_end() -> asyncio.Future[int]:
    """The signal that ends this process, once it came."""
    loop = asyncio.get_running_loop()
    ends = loop.create_future()

    def end(number: int) -> None:
        if not ends.done():
            ends.set_result(number)

    for number in (STOP, RETIRE):
        loop.add_signal_handler(number, end, number)
    return ends


def _is_busy(connection) -> bool:
    """Whether a request is being read or answered; the turns of a WebSocket are counted apart."""
    http = getattr(connection, "_http", None)
    return http is not None and http.stage is not Stage.IDLE and not http.upgrade_websocket


async def _until(condition, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        await asyncio.sleep(0.02)


async def _hang_up(server: AsyncioServer) -> None:
    """Close every connection: pages come back by themselves, to another worker."""
    for each in list(server.connections):
        websocket = getattr(each, "websocket", None)
        if websocket:
            websocket.fail_connection(code=1001)
        else:
            each.close()
    await _until(lambda: not server.connections, 1.0)
    for each in list(server.connections):
        each.abort()
