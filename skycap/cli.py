"""The command line: `skycap serve`, `model`, `validate`, `settings`, and what looks into the stores."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import time
import warnings
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from skycap.settings import ROOT, BadSetting, Settings, settings

if TYPE_CHECKING:
    from skycap.state.analytics.archive import Archive


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="skycap", description="A flight-booking assistant on Rasa.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="run the assistant: chat page, channels, actions")
    _add_model(commands)
    commands.add_parser("validate", help="check domain.yml, config.yml and data/ in seconds, without training")
    commands.add_parser("settings", help="list every setting with its meaning and default")
    _add_handoffs(commands)
    _add_conversations(commands)
    _add_privacy(commands)
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "model":
            return _change_model(chosen)
        if chosen.command == "handoffs":
            return _answer_travellers(chosen)
        if chosen.command in ("conversations", "report"):
            with warnings.catch_warnings(record=True):
                return _report(chosen) if chosen.command == "report" else _read_conversations(chosen)
        if chosen.command == "privacy":
            with warnings.catch_warnings(record=True):  # kept silent: what old packages say on import
                return _keep_or_erase(chosen)
        return {"serve": _serve, "validate": _validate, "settings": _list_settings}[chosen.command]()
    except BadSetting as error:
        print(f"skycap: {error}", file=sys.stderr)
        return 2


def _add_model(commands: argparse._SubParsersAction) -> None:
    model = commands.add_parser("model", help="change the model of the running server (docs/operating.md)")
    acts = model.add_subparsers(dest="act", required=True)
    use = acts.add_parser("use", help="load a model aside, prove it, and serve it in the place of the one before")
    use.add_argument("archive", type=Path, help="a .tar.gz of `rasa train`, or a directory: its newest one")


def _change_model(chosen: argparse.Namespace) -> int:
    from skycap.serving.door import NotAnswered, ask_for

    try:
        served, text = ask_for(settings(), chosen.archive)
    except NotAnswered as error:
        served, text = False, str(error)
    print(text if served else f"skycap: {text}", file=sys.stdout if served else sys.stderr)
    return 0 if served else 1


def _add_handoffs(commands: argparse._SubParsersAction) -> None:
    desk = commands.add_parser("handoffs", help="answer travellers who asked for a person (docs/handoff.md)")
    acts = desk.add_subparsers(dest="act", required=True)
    acts.add_parser("list", help="who waits and who is taken")
    for act, meaning in (
        ("show", "what was said and what is known"),
        ("take", "take a conversation"),
        ("say", "say something to the traveller"),
        ("close", "give the conversation back to the assistant"),
    ):
        each = acts.add_parser(act, help=meaning)
        each.add_argument("id", type=int, help="number of the hand-over")
        if act == "take":
            each.add_argument("--as", dest="agent", required=True, help="your name as the traveller reads it")
        if act == "say":
            each.add_argument("text", help="in quotes")


def _answer_travellers(chosen: argparse.Namespace) -> int:
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    from sqlalchemy.exc import SQLAlchemyError

    from flights import database
    from skycap.handoffs import HandoffQueue, NotPossible, UnknownHandoff, desk

    now = datetime.now(timezone.utc)
    try:
        queue = HandoffQueue(database.engine(settings().flights_url))
        if chosen.act == "list":
            said = desk.list_open(queue, now)
        elif chosen.act == "take":
            said = desk.take(queue, chosen.id, chosen.agent, now)
        elif chosen.act == "say":
            said = desk.say(queue, chosen.id, chosen.text, now)
        else:
            said = {"show": desk.show, "close": desk.close}[chosen.act](queue, chosen.id, now)
    except (NotPossible, UnknownHandoff) as refused:
        print(f"skycap: {refused}", file=sys.stderr)
        return 1
    except SQLAlchemyError as error:
        print(f"skycap: the database failed ({type(error).__name__}). Is SKYCAP_DATABASE_URL right?", file=sys.stderr)
        return 1
    print(said)
    return 0


def _add_conversations(commands: argparse._SubParsersAction) -> None:
    stored = commands.add_parser("conversations", help="read what is kept of conversations (docs/state.md)")
    acts = stored.add_subparsers(dest="act", required=True)
    acts.add_parser("list", help="which there are, the latest first")
    for act, meaning in (("show", "what was said and done"), ("export", "every event, one line of JSON for each turn")):
        acts.add_parser(act, help=meaning).add_argument("id", help="of the conversation")
    figures = commands.add_parser("report", help="figures of conversations: by day, channel, language, question asked")
    figures.add_argument("--refresh", action="store_true", help="first take in what is new, of open conversations too")
    figures.add_argument("--check", action="store_true", help="compare what is stored with what is taken in instead")
    figures.add_argument("--plot", type=Path, metavar="FILE", help="also draw them, such as report.png")


def _read_conversations(chosen: argparse.Namespace) -> int:
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from skycap.state import browsing, opening

    try:
        backend = opening.state_in(ROOT / settings().endpoints)
        if chosen.act == "list":
            print(browsing.list_all(backend))
        else:
            print({"show": browsing.show, "export": browsing.export}[chosen.act](backend, chosen.id))
        asyncio.run(backend.close())
    except (browsing.UnknownConversation, opening.NotOurs) as refused:
        print(f"skycap: {refused.args[0]}", file=sys.stderr)
        return 1
    except opening.FAILURES as error:
        print(f"skycap: the store of conversations failed ({type(error).__name__}). Is it running?", file=sys.stderr)
        return 1
    return 0


def _report(chosen: argparse.Namespace) -> int:
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    from skycap.state import report
    from skycap.state.analytics.archive import open_archive
    from skycap.state.opening import FAILURES

    try:
        archive = open_archive(settings().figures_url)
        if (chosen.refresh or chosen.check) and not _take_in(archive, chosen):
            return 1
        if not chosen.check:
            print(report.report(archive))
        if chosen.plot and (groups := report.groups_of(archive)):
            from skycap.state.drawing import draw

            draw(groups, chosen.plot)
    except FAILURES as error:
        print(f"skycap: a database failed ({type(error).__name__}). Is it running?", file=sys.stderr)
        return 1
    except (OSError, ValueError) as error:  # of a drawing
        print(f"skycap: {chosen.plot} cannot be drawn ({error}).", file=sys.stderr)
        return 1
    return 0


def _take_in(archive: Archive, chosen: argparse.Namespace) -> bool:
    """Bring the figures up to date, or compare them with what is stored; returns whether that went well."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from skycap.state import opening
    from skycap.state.analytics import intake, reconciling

    try:
        backend = opening.state_in(ROOT / settings().endpoints)
    except opening.NotOurs as refused:
        print(f"skycap: {refused}", file=sys.stderr)
        return False
    agrees = True
    if chosen.refresh:
        taken = sum(intake.everything(backend, archive, time.time()))
        print(f"{taken} turns taken in.", file=sys.stderr)
    if chosen.check:
        found = reconciling.reconcile(backend, archive)
        print(found)
        agrees = found.agrees
    asyncio.run(backend.close())
    return agrees


def _add_privacy(commands: argparse._SubParsersAction) -> None:
    rights = commands.add_parser("privacy", help="erase or export a traveller's data, delete what is old")
    acts = rights.add_subparsers(dest="act", required=True)
    whose = "id of a conversation, or an e-mail address; - reads it from standard input"
    erase = acts.add_parser("erase", help="erase everything kept of a traveller; prints a receipt")
    erase.add_argument("subject", metavar="CONVERSATION|EMAIL", help=whose)
    export = acts.add_parser("export", help="print everything kept of a traveller as JSON, decrypted")
    export.add_argument("subject", metavar="CONVERSATION|EMAIL", help=whose)
    export.add_argument("--to", type=Path, metavar="FILE", help="a new file that its owner alone can read")
    acts.add_parser("expire", help="delete what is older than SKYCAP_RETENTION_DAYS_… say; prints a receipt")


def _keep_or_erase(chosen: argparse.Namespace) -> int:
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from skycap import rights
    from skycap.state.opening import FAILURES
    from skycap.vault import BadKey

    now = datetime.now(timezone.utc)  # not SKYCAP_TODAY: a date made up must not delete anything
    subject = getattr(chosen, "subject", "")
    subject = (sys.stdin.readline() if subject == "-" else subject).strip()
    if not subject and chosen.act != "expire":
        print("skycap: name a conversation or an e-mail address.", file=sys.stderr)
        return 2
    try:
        with rights.open_places(settings()) as places:
            if chosen.act == "export":
                document = rights.export(places, subject, now)
                return _hand_over(document, chosen.to)
            receipt = (
                rights.expire(places, now) if chosen.act == "expire" else rights.erase(places, subject, now.date())
            )
    except (rights.NotReached, BadKey) as refused:
        print(f"skycap: {refused}", file=sys.stderr)
        return 1
    except FAILURES as error:
        print(f"skycap: a store failed ({type(error).__name__}). Mend it and run this again.", file=sys.stderr)
        return 1
    print(*receipt, sep="\n")
    return 1 if any(row.did == "not compacted" for row in receipt) else 0


def _hand_over(document: str, path: Path | None) -> int:
    from skycap import rights

    if path is None:
        print(document)
        return 0
    try:
        rights.save(document, path)
    except OSError as error:
        print(f"skycap: {path} cannot be written ({type(error).__name__}). Name a new file.", file=sys.stderr)
        return 1
    return 0


def _list_settings() -> int:
    for each in fields(Settings):
        default = int(each.default) if isinstance(each.default, bool) else each.default
        print(f"SKYCAP_{each.name.upper()}" + ("" if default in (None, "") else f" [{default}]"))
        print(f"    {each.metadata['meaning']}")
    return 0


def _validate() -> int:
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["LOG_LEVEL"] = "ERROR"  # Rasa's own switch: no progress bars
    with warnings.catch_warnings(record=True):  # kept silent: what old packages say on import
        from rasa.utils.log_utils import configure_structlog

        from skycap.validate.project import validate_project  # imports TensorFlow: seconds
    configure_structlog(logging.ERROR)

    findings = validate_project(ROOT)
    errors = sum(each.is_error for each in findings)
    for each in findings:
        print(each)
    print(f"{errors} errors, {len(findings) - errors} warnings." if findings else "All is well.")
    return 1 if errors else 0


def _serve() -> int:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    for each in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # on a sentence threads only wait for each other, and
        os.environ.setdefault(each, "1")  # those of a process that forks are lost
    current = settings()
    print("Starting Skycap (loading the model takes some seconds) …", flush=True)
    with warnings.catch_warnings(record=True):  # kept silent: what old packages say on import
        from skycap.serving.run import run  # imports TensorFlow: seconds

    return run(current)


if __name__ == "__main__":
    sys.exit(main())
