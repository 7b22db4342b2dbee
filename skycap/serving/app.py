"""The web application: chat page, channels, health, metrics, and Rasa's HTTP API when it is asked for."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urljoin

import rasa.core.run
import rasa.server
from rasa.core import channels
from rasa.core.utils import AvailableEndpoints
from redis.exceptions import RedisError
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from flights import bookings, database, sealed
from skycap import privacy
from skycap.ingest import shield_data
from skycap.page import translated, words
from skycap.serving.actions import InProcessActions
from skycap.serving.agent import CannotServe, load
from skycap.serving.archiving import Archiving
from skycap.serving.handoffs import Delivery
from skycap.serving.health import KNOWN_SENTENCE, register_health
from skycap.settings import ROOT, Settings
from skycap.vault import BadKey, keys_of, open_vault

logger = logging.getLogger(__name__)
WEB = ROOT / "web"
MAX_BODY_BYTES = 1_000_000


def read_endpoints(settings: Settings) -> AvailableEndpoints:
    """What the endpoints file says, with actions in this process. Raises CannotServe."""
    file = ROOT / settings.endpoints
    if not file.is_file():
        raise CannotServe(f"There is no endpoints file at {file}. Correct SKYCAP_ENDPOINTS or unset it.")
    endpoints = AvailableEndpoints.read_endpoints(str(file))
    endpoints.action = InProcessActions()
    return endpoints


def create_app(settings: Settings, endpoints: AvailableEndpoints, archive: Path) -> Sanic:
    """The application of a worker, ready to run. The agent is made when the server starts."""
    if settings.enable_api:
        app = rasa.server.create_app(auth_token=settings.api_token or None, endpoints=endpoints)
    else:
        app = Sanic("skycap", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MAX_BODY_BYTES
    app.config.FALLBACK_ERROR_FORMAT = "auto"  # who sends JSON is refused in JSON
    app.config.KEEP_ALIVE_TIMEOUT = 120
    app.ctx.agent = None
    app.ctx.masks = True  # the platforms' channels stay shut where messages would be stored as they come
    app.ctx.turns = 0  # under way
    app.ctx.ends = False

    @app.listener("before_server_start")
    async def start(app: Sanic, loop) -> None:
        app.ctx.agent = await load(archive, endpoints, loop)
        await app.ctx.agent.parse_message(KNOWN_SENTENCE[0])  # what is built on first use, no traveller waits for

    inputs = rasa.core.run.create_http_input_channels(None, str(ROOT / "credentials.yml"))
    register_channels(app, inputs)
    register_page(app)
    app.register_middleware(keep_model, "request")
    app.register_middleware(mask_errors, "response")
    app.register_middleware(say_goodbye, "response")
    register_health(app)
    register_delivery(app, inputs)
    register_archiving(app, settings)
    return app


def register_channels(app: Sanic, inputs: Sequence[channels.InputChannel]) -> None:
    """Open the channels under /webhooks, and count the turns under way."""

    async def take(message: channels.UserMessage) -> None:
        app.ctx.turns += 1
        try:
            await app.ctx.agent.handle_message(message)
        finally:
            app.ctx.turns -= 1

    for each in inputs:
        app.blueprint(each.blueprint(take), url_prefix=urljoin("/webhooks/", each.url_prefix()))
    app.ctx.input_channels = inputs


async def keep_model(request: Request) -> HTTPResponse | None:
    """Refuse Rasa's ways to change the model: they change it in one process, and for an agent without our defences."""
    if request.path == "/model" and request.method in ("PUT", "DELETE"):
        return response.json({"error": "Change the model with `skycap model use ARCHIVE`, in all workers."}, status=409)
    return None


async def say_goodbye(request: Request, answer: HTTPResponse) -> None:
    """End the connection after this answer when the worker is about to end: its client comes back to another one."""
    if request.app.ctx.ends:
        request.stream.keep_alive = False


def register_delivery(app: Sanic, inputs: Sequence[channels.InputChannel]) -> None:
    """Deliver what people say to travellers, as long as the server runs."""

    @app.listener("after_server_start")
    async def start(app: Sanic, loop) -> None:
        outputs = {each.name(): each.get_output_channel() for each in inputs}
        app.ctx.delivery = loop.create_task(Delivery(app.ctx.agent, outputs).run())

    @app.listener("before_server_stop")
    async def stop(app: Sanic, loop) -> None:
        app.ctx.delivery.cancel()


def register_archiving(app: Sanic, settings: Settings) -> None:
    """Let conversations flow into the analytics tables, as long as the server runs, unless it is told not to."""
    if not settings.analytics_seconds:
        return

    @app.listener("after_server_start")
    async def start(app: Sanic, loop) -> None:
        store, sessions = app.ctx.agent.tracker_store, app.ctx.agent.domain.session_config
        archiving = Archiving(store, settings.figures_url, sessions.session_expiration_time, settings.analytics_seconds)
        app.ctx.archiving = loop.create_task(archiving.run())

    @app.listener("before_server_stop")
    async def stop(app: Sanic, loop) -> None:
        app.ctx.archiving.cancel()


def migrate(settings: Settings) -> None:
    """Bring the business database up to date. Raises CannotServe when it cannot be opened."""
    try:
        sealed.use(keys_of(settings))
        database.migrate(settings.flights_url)
        open_vault(settings).close()
        bookings.prove_key(database.engine(settings.flights_url))
    except BadKey as error:
        raise CannotServe(str(error)) from error
    except (SQLAlchemyError, RedisError, OSError, ImportError) as error:
        raise CannotServe(
            f"The flights database could not be opened ({type(error).__name__}). Is it running, and is "
            "SKYCAP_DATABASE_URL (or SKYCAP_VAULT_URL) right?"
        ) from error


async def mask_errors(request: Request, answer: HTTPResponse) -> None:
    """Mask a reply that is an error: Rasa's quote what was sent, and those who call keep them in their logs."""
    if answer.status < 400 or not answer.body:
        return
    text = answer.body.decode("utf-8", "replace")
    try:
        masked = json.dumps(shield_data(json.loads(text)), ensure_ascii=False)  # JSON hides digits of other scripts
    except ValueError:
        masked = privacy.mask(text)
    answer.body = masked.encode()


def register_page(app: Sanic) -> None:
    """Serve the chat page at / and its files at /static."""
    app.static("/static", str(WEB), name="web")

    @app.get("/static/strings.json")
    async def strings(request: Request) -> HTTPResponse:
        return response.json({code: words(code).labels for code in translated()}, ensure_ascii=False)

    @app.middleware("request")
    async def page(request: Request) -> HTTPResponse | None:
        # A route cannot do it: Rasa's own application occupies "/".
        if request.path == "/" and request.method in ("GET", "HEAD"):
            return await response.file(str(WEB / "index.html"))
        return None

    @app.middleware("response")
    async def guard(request: Request, answer: HTTPResponse) -> None:
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        if request.path == "/":
            answer.headers["Content-Security-Policy"] = (
                "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data: https:; frame-ancestors 'self'"
            )
            answer.headers["Cache-Control"] = "no-cache"
