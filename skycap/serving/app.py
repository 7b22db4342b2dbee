"""The web application: chat page, channels, health, metrics, and Rasa's HTTP API when it is asked for."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path

import rasa.core.run
import rasa.server
from rasa.core import channels
from rasa.core.utils import AvailableEndpoints
from rasa.model import get_latest_model
from redis.exceptions import RedisError
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from flights import airports, bookings, database, dates, schedule, sealed
from skycap import privacy
from skycap.ingest import shield_data
from skycap.serving.actions import InProcessActions
from skycap.serving.agent import CannotServe, SkycapAgent, load
from skycap.serving.archiving import Archiving
from skycap.serving.handoffs import Delivery
from skycap.serving.health import register_health
from skycap.settings import ROOT, Settings
from skycap.vault import BadKey, keys_of, open_vault

logger = logging.getLogger(__name__)
WEB = ROOT / "web"
MAX_BODY_BYTES = 1_000_000


def newest_model(where: Path) -> Path:
    """The archive at `where`, or the newest one in the directory `where`. Raises CannotServe when there is none."""
    found = where if where.is_file() else Path(get_latest_model(str(where)) or "")
    if not found.is_file():
        raise CannotServe(f"There is no model at {where}. Train one with `make train`.")
    return found


def create_app(settings: Settings, *, model: Path | None = None) -> Sanic:
    """The application, ready to run. The agent is loaded when the server starts."""
    archive = model or newest_model(ROOT / settings.model)
    endpoints_file = ROOT / settings.endpoints
    if not endpoints_file.is_file():
        raise CannotServe(f"There is no endpoints file at {endpoints_file}. Correct SKYCAP_ENDPOINTS or unset it.")
    endpoints = AvailableEndpoints.read_endpoints(str(endpoints_file))
    endpoints.action = InProcessActions()
    if settings.enable_api:
        app = rasa.server.create_app(auth_token=settings.api_token or None, endpoints=endpoints)
    else:
        app = Sanic("skycap", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MAX_BODY_BYTES
    app.config.FALLBACK_ERROR_FORMAT = "auto"  # who sends JSON is refused in JSON
    app.config.KEEP_ALIVE_TIMEOUT = 120
    app.ctx.agent = None
    app.ctx.masks = True  # the platforms' channels stay shut where messages would be stored as they come

    @app.listener("before_server_start")
    async def start(app: Sanic, loop) -> None:
        migrate(settings)
        app.ctx.agent = await load(archive, endpoints, loop)
        await warm(app.ctx.agent)

    inputs = rasa.core.run.create_http_input_channels(None, str(ROOT / "credentials.yml"))
    channels.channel.register(inputs, app, route="/webhooks/")
    register_page(app)
    app.register_middleware(mask_errors, "response")
    register_health(app)
    register_delivery(app, inputs)
    register_archiving(app, settings)
    return app


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
        open_vault(settings)
        bookings.prove_key(database.engine(settings.flights_url))
    except BadKey as error:
        raise CannotServe(str(error)) from error
    except (SQLAlchemyError, RedisError, OSError, ImportError) as error:
        raise CannotServe(
            f"The flights database could not be opened ({type(error).__name__}). Is it running, and is "
            "SKYCAP_DATABASE_URL (or SKYCAP_VAULT_URL) right?"
        ) from error


async def warm(agent: SkycapAgent) -> None:
    """Parse once, so that the first traveller does not wait for what is built on first use."""
    schedule.warm()
    dates.warm()
    airports.warm_up()
    privacy.warm_up()
    await agent.parse_message("I need a flight from Berlin to Rome next Friday for two people")


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
