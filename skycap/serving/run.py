"""Start the server: logging, the application, the port."""

from __future__ import annotations

import logging
import socket
import sys
import warnings

from rasa.utils.log_utils import configure_structlog
from sanic import Sanic

from skycap.serving.agent import CannotServe
from skycap.serving.app import create_app
from skycap.serving.masking import mask_logs
from skycap.settings import Settings

NOISY = ("sanic.access", "sanic.root", "apscheduler", "matplotlib", "engineio", "socketio")
# They log what they send to a platform: to whom, and in the address the token.
TELL_WHOM = ("aiogram", "slack_sdk", "twilio", "urllib3")


def run(settings: Settings) -> int:
    """Serve until stopped; returns the exit status."""
    level = logging.getLevelName(settings.log_level.upper())
    configure_structlog(level)  # else structlog prints debug lines with what travellers said
    mask_logs()
    if _taken(settings):
        print(f"skycap: port {settings.port} is in use. Stop what runs there or set SKYCAP_PORT.", file=sys.stderr)
        return 1
    try:
        app = create_app(settings)
    except CannotServe as error:
        print(f"skycap: {error}", file=sys.stderr)
        return 1

    for noisy in (*NOISY, *TELL_WHOM):
        logging.getLogger(noisy).setLevel(max(level, logging.WARNING))  # after Rasa's application has set them

    @app.listener("after_server_start")
    async def tell(app: Sanic, loop) -> None:
        print(f"Skycap is ready: http://localhost:{settings.port}/", flush=True)

    warnings.filterwarnings("ignore", category=DeprecationWarning)
    logging.getLogger("sanic.error").addFilter(_is_unexpected)
    # What Sanic leaves behind after a failed start.
    warnings.filterwarnings("ignore", message="coroutine 'Loop.create_server' was never awaited")
    try:
        app.run(host=settings.host, port=settings.port, workers=1, access_log=False, motd=False)
    except CannotServe as error:
        print(f"skycap: {error}", file=sys.stderr)
        return 1
    return 0


def _is_unexpected(record: logging.LogRecord) -> bool:
    """Whether a log record is worth its traceback: a CannotServe says all in one sentence."""
    return not (record.exc_info and isinstance(record.exc_info[1], CannotServe))


def _taken(settings: Settings) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            return True
    return False
