"""Is the server alive, is it ready, and how is it doing: /health/live, /health/ready, /metrics."""

from __future__ import annotations

import asyncio

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from flights import database
from skycap.serving.metrics import figures
from skycap.settings import settings

KNOWN_SENTENCE = ("I need a flight from Berlin to Rome", "search_flights")
CHECK_TIMEOUT_SECONDS = 5.0


async def check(app: Sanic) -> dict[str, str]:
    """What is not as it should be, by part; empty when the server is ready. A corrupt model loads without an exception,
    so a known sentence is parsed."""
    problems = {}
    agent = app.ctx.agent
    if agent is None or not agent.is_ready():
        return {"model": "no model is loaded"}
    try:
        sentence, intent = KNOWN_SENTENCE
        parsed = await asyncio.wait_for(agent.parse_message(sentence), CHECK_TIMEOUT_SECONDS)
        if parsed["intent"]["name"] != intent:
            problems["model"] = "the model does not understand a known sentence"
    except Exception as error:
        problems["model"] = f"parsing failed: {type(error).__name__}"
    try:
        await asyncio.wait_for(agent.tracker_store.retrieve("health"), CHECK_TIMEOUT_SECONDS)
    except Exception as error:
        problems["conversations"] = f"the tracker store failed: {type(error).__name__}"
    try:
        await asyncio.wait_for(asyncio.to_thread(_ask_database), CHECK_TIMEOUT_SECONDS)
    except (SQLAlchemyError, asyncio.TimeoutError) as error:
        problems["flights"] = f"the database failed: {type(error).__name__}"
    return problems


def _ask_database() -> None:
    # A table of ours: SQLite answers SELECT 1 without looking at its file.
    with database.read(database.engine(settings().flights_url)) as connection:
        connection.execute(select(database.bookings.c.reference).limit(1))


def register_health(app: Sanic) -> None:
    """Add the three routes."""

    @app.get("/health/live")
    async def live(request: Request) -> HTTPResponse:
        return response.json({"status": "live"})

    @app.get("/health/ready")
    async def ready(request: Request) -> HTTPResponse:
        problems = await check(request.app)
        status = "not ready" if problems else "ready"
        return response.json({"status": status, "problems": problems}, status=503 if problems else 200)

    @app.get("/metrics")
    async def metrics(request: Request) -> HTTPResponse:
        return response.raw(generate_latest(figures()), content_type=CONTENT_TYPE_LATEST)
