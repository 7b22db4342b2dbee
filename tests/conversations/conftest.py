"""Conversation tests: pytest plays every conversation of `test_*.yml` with the trained assistant, one test each.

To write one, copy a conversation of a file of the same kind (happy path, correction, digression …) and change it; the
keys of a turn are explained at the top of test_booking_happy_path.yml. Run one file with
`pytest tests/conversations/test_my_trip.yml`, one conversation with `-k "part of its title"`. A conversation that shows
a known fault carries `xfail: reason`; when the fault is mended its test is counted as XPASS, and the line goes.
Needs models/skycap.tar.gz (`make train`), or the archive that SKYCAP_MODEL names.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conversations.script import BadScript, Conversation, read_script

ROOT = Path(__file__).resolve().parents[2]
STAGE = pytest.StashKey()


def stage_of(config: pytest.Config):
    """The stage of this test run: the agent takes half a minute to load, so it loads once, when first needed."""
    if STAGE not in config.stash:
        model = ROOT / (os.environ.get("SKYCAP_MODEL") or "models/skycap.tar.gz")
        if not model.is_file():
            pytest.fail(
                f"There is no model at {os.path.relpath(model, ROOT)}. Train one with `make train`.", pytrace=False
            )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what TensorFlow and Rasa say about themselves
            from tests.conversations.stage import Stage

            config.stash[STAGE] = Stage(model)
    return config.stash[STAGE]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix == ".yml" and file_path.name.startswith("test_"):
        return ScriptFile.from_parent(parent, path=file_path)
    return None


def pytest_unconfigure(config: pytest.Config) -> None:
    if STAGE in config.stash:
        config.stash[STAGE].close()


class ScriptFile(pytest.File):
    """One YAML file."""

    def collect(self) -> Iterator[pytest.Item]:
        for conversation in read_script(self.path):
            yield ConversationItem.from_parent(self, name=conversation.title, conversation=conversation)

    def repr_failure(self, excinfo: pytest.ExceptionInfo) -> str:
        return str(excinfo.value) if isinstance(excinfo.value, BadScript) else super().repr_failure(excinfo)


class ConversationItem(pytest.Item):
    """One conversation as a test."""

    def __init__(self, *, conversation: Conversation, **arguments) -> None:
        super().__init__(**arguments)
        self.conversation = conversation
        self.add_marker(pytest.mark.filterwarnings("ignore::Warning:(?!skycap|flights|actions|tests)"))
        if conversation.xfail:
            self.add_marker(pytest.mark.xfail(reason=conversation.xfail, raises=AssertionError, strict=False))

    def runtest(self) -> None:
        stage_of(self.config).play(self.conversation)

    def repr_failure(self, excinfo: pytest.ExceptionInfo) -> str:
        unmet = isinstance(excinfo.value, AssertionError)
        return str(excinfo.value) if unmet else super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, self.conversation.title


@pytest.fixture(scope="session")
def stage(request: pytest.FixtureRequest):
    """The stage, for conversation tests written in Python."""
    return stage_of(request.config)
