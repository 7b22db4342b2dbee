"""The command line: `skycap serve`, `skycap settings`. Only parses and calls."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import fields

from skycap.settings import BadSetting, Settings, settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="skycap", description="A flight-booking assistant on Rasa.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="run the assistant: chat page, channels, actions, one process")
    commands.add_parser("settings", help="list every setting with its meaning and default")
    chosen = parser.parse_args(arguments)
    try:
        return {"serve": _serve, "settings": _list_settings}[chosen.command]()
    except BadSetting as error:
        print(f"skycap: {error}", file=sys.stderr)
        return 2


def _list_settings() -> int:
    for each in fields(Settings):
        default = "" if each.metadata["secret"] else f" [{each.default}]"
        print(f"SKYCAP_{each.name.upper()}{default}\n    {each.metadata['meaning']}")
    return 0


def _serve() -> int:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    current = settings()
    print("Starting Skycap (loading the model takes some seconds) …", flush=True)
    from skycap.serving.run import run  # imports TensorFlow: seconds

    return run(current)


if __name__ == "__main__":
    sys.exit(main())
