"""The command line: `skycap serve`, `skycap validate`, `skycap settings`. Only parses and calls."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import warnings
from collections.abc import Sequence
from dataclasses import fields

from skycap.settings import ROOT, BadSetting, Settings, settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="skycap", description="A flight-booking assistant on Rasa.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="run the assistant: chat page, channels, actions, one process")
    commands.add_parser("validate", help="check domain.yml, config.yml and data/ in seconds, without training")
    commands.add_parser("settings", help="list every setting with its meaning and default")
    chosen = parser.parse_args(arguments)
    try:
        return {"serve": _serve, "validate": _validate, "settings": _list_settings}[chosen.command]()
    except BadSetting as error:
        print(f"skycap: {error}", file=sys.stderr)
        return 2


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
    current = settings()
    print("Starting Skycap (loading the model takes some seconds) …", flush=True)
    with warnings.catch_warnings(record=True):  # kept silent: what old packages say on import
        from skycap.serving.run import run  # imports TensorFlow: seconds

    return run(current)


if __name__ == "__main__":
    sys.exit(main())
