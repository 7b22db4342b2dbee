"""`skycap serve` with lines of defence that can be taken out, and actions that raise, while it runs.

Started in the place of `skycap serve` by tests/e2e/test_canaries.py. The file that the variable SABOTAGE names lists
the lines that are out now; without it the server is as it always is. In a conversation called `raise-3-inside-…` the
fourth action called since the traveller was asked for a name raises, and says all it knows; `before` and `after` too.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pkgutil
import re
import sys
from collections import Counter
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from typing import Any

from rasa_sdk.executor import ActionExecutor

import actions
from actions.shared import SkycapAction
from flights.sealed import SEALED, SealedText
from skycap import cli
from skycap.serving import agent, app, masking
from skycap.vault.keys import Keys
from skycap.vault.sealing import Sealed, Sealing, hashed

ASKED = ("passenger_name", "contact_email", "contact_phone", "confirm_booking")
FAULT = re.compile(r"raise-(\d+)-(before|inside|after)-")


def out() -> set[str]:
    """The lines that are out now."""
    try:
        return set(Path(os.environ["SABOTAGE"]).read_text().split("\n"))
    except FileNotFoundError:
        return set()


def line(name: str, owner: Any, attribute: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let the decorated function stand in for `owner.attribute` while the line of this name is out."""

    def decorate(broken: Callable[..., Any]) -> Callable[..., Any]:
        sound = getattr(owner, attribute)

        @wraps(sound)
        def either(*arguments: Any, **options: Any) -> Any:
            if name in out():
                return broken(sound, *arguments, **options)
            return sound(*arguments, **options)

        setattr(owner, attribute, either)
        return broken

    return decorate


@line("ingest", agent, "shield")
def said(sound: Any, text: str, conversation: str, vault: Any) -> str:
    return text


@line("metadata", agent, "shield_data")
def data(sound: Any, data: Any, depth: int = 0) -> Any:
    return data


@line("api", agent.SkycapProcessor, "log_message")
@line("api", agent.SkycapProcessor, "parse_message")
def unseen(sound: Any, self: Any, message: Any, *arguments: Any, **options: Any) -> Any:
    message.taken_in = True
    return sound(self, message, *arguments, **options)


@line("store", masking, "mask_event")
def event(sound: Any, event: Any, ours: Any) -> None:
    return None


@line("names", agent, "hide_person")
def names(sound: Any, events: Any, conversation: str, vault: Any) -> None:
    return None


@line("log", masking, "mask_line")
def log(sound: Any, text: str) -> str:
    return text


@line("unlogged", agent, "unlogged")
def unlogged(sound: Any, text: str) -> Any:
    return contextlib.nullcontext()


@line("errors", app, "mask_errors")
async def error(sound: Any, request: Any, answer: Any) -> None:
    return None


@line("columns", SealedText, "process_bind_param")
def column(sound: Any, self: Any, value: Any, dialect: Any) -> Any:
    return value


@line("vault", Sealing, "put_all")
def put_all(sound: Any, self: Any, conversation: str, values: Any) -> list[str]:
    kept = [Sealed(kind, self._keys.fingerprints(value), value) for kind, value in values]
    numbers = self._keep(hashed(conversation), kept)
    return [f"[{kind}:{number}]" for (kind, _), number in zip(values, numbers, strict=True)]


@line("vault", Keys, "open")
def opened(sound: Any, self: Any, sealed: str) -> str:
    return sound(self, sealed) if sealed.startswith(SEALED) else sealed


# --- actions that raise

_calls: Counter[str] = Counter()
_inside: ContextVar[str] = ContextVar("inside", default="")


def everything(call: dict[str, Any]) -> str:
    tracker = call["tracker"]
    return f"cannot go on from {tracker['latest_message'].get('text')!r} with {tracker['slots']}"


def raise_in_actions() -> None:
    """Let actions of conversations called so raise."""
    sound = ActionExecutor.run

    async def run(self: ActionExecutor, call: dict[str, Any]) -> Any:
        fault = FAULT.match(call["sender_id"])
        if not fault or call["tracker"]["slots"].get("requested_slot") not in ASKED:
            return await sound(self, call)
        number = _calls[call["sender_id"]]
        _calls[call["sender_id"]] += 1
        if number != int(fault[1]):
            return await sound(self, call)
        if fault[2] == "before":
            raise ValueError(everything(call))
        if fault[2] == "inside":
            _inside.set(everything(call))
        answer = await sound(self, call)
        if fault[2] == "after":
            raise ValueError(everything(call))
        return answer

    ActionExecutor.run = run
    for module in pkgutil.iter_modules(actions.__path__):
        importlib.import_module(f"actions.{module.name}")
    classes = [SkycapAction]
    while classes:
        each = classes.pop()
        classes += each.__subclasses__()
        if "act" in vars(each):
            each.act = raising(each.act)


def raising(act: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(act)
    def may_raise(*arguments: Any) -> Any:
        if _inside.get():
            raise ValueError(_inside.get())
        return act(*arguments)

    return may_raise


if __name__ == "__main__":
    raise_in_actions()
    sys.exit(cli.main(sys.argv[1:]))
