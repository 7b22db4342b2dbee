"""A model, loaded and proven aside: before workers are forked that share its memory, or in the worker that uses it.

Reads a model archive and puts what it loaded where `SkycapProcessor` looks first.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from enum import Enum
from pathlib import Path

from rasa.model import get_latest_model
from rasa.shared.constants import UTTER_PREFIX

from skycap.engine import graph
from skycap.serving.actions import InProcessActions
from skycap.serving.agent import CannotServe, SkycapAgent, SkycapProcessor
from skycap.serving.children import step_back
from skycap.serving.health import KNOWN_SENTENCE

NICE = 10


class Pace(Enum):
    """What a generation takes of the processor while it gets ready."""

    FULL = "all: nobody is served meanwhile, or too slowly"
    IDLE = "what nobody else wants: a turn of those who serve never waits for it"
    NICE = "a tenth, where others want all of it"


def newest_model(where: Path) -> Path:
    """The archive at `where`, or the newest one in the directory `where`. Raises CannotServe when there is none."""
    found = where if where.is_file() else Path(get_latest_model(str(where)) or "")
    if not found.is_file():
        raise CannotServe(f"There is no model at {where}. Train one with `make train`.")
    return found


def prepare(archive: Path) -> None:
    """Load a model and prove that it can serve, unless that was done before the fork. Raises CannotServe."""
    if archive in SkycapProcessor.loaded:
        return
    try:
        SkycapProcessor.loaded[archive] = graph.load(archive)
    except Exception as error:
        raise CannotServe(
            f"The model {archive} cannot be loaded ({type(error).__name__}). Train one with `make train`."
        ) from error
    _prove(archive)


def _prove(archive: Path) -> None:
    """Raise CannotServe when it does not understand a known sentence, or needs actions that are not here.

    A model with damaged weights loads without an exception.
    """
    agent = SkycapAgent(action_endpoint=InProcessActions())
    agent.load_model(archive)
    sentence, intent = KNOWN_SENTENCE
    try:
        understood = asyncio.run(agent.parse_message(sentence))["intent"]["name"]
    except Exception as error:
        raise CannotServe(f"The model {archive} does not work: parsing failed ({type(error).__name__}).") from error
    if understood != intent:
        raise CannotServe(f"The model {archive} does not understand a known sentence. Was it trained from this folder?")
    replies = {each for each in agent.domain.user_actions if each.startswith(UTTER_PREFIX)}
    missing = set(agent.domain.user_actions) - replies - agent.action_endpoint.names
    if missing:
        raise CannotServe(
            f"The model {archive} needs {', '.join(sorted(missing))}, which actions/ does not have. Serve the code "
            "that it was trained with."
        )


def run(work: Callable[[], None], pace: Pace) -> None:
    """Run it at this pace, in a thread where others come first: a process that gave up its place has no way back.

    Raises what it raises.
    """
    if pace is Pace.FULL:
        work()
        return
    failed: list[BaseException] = []

    def low() -> None:
        if pace is Pace.IDLE:
            step_back()
        else:
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
        try:
            work()
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=low, name=f"work, {pace.name}")
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
