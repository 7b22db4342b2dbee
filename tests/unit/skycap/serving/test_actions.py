"""Actions in the server's own process: the same answers and errors as an action server gives."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import threading
import time
from typing import Any

import pytest
from rasa.utils.endpoints import ClientResponseError

from skycap.serving.actions import THREADS, InProcessActions

PACKAGE = """
import threading
import time
from rasa_sdk import Action
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection
from skycap.waiting import may_wait


class Greet(Action):
    def name(self):
        return "action_greet"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text=f"Hello {tracker.sender_id}")
        return [SlotSet("greeted", True)]


class Refuse(Action):
    def name(self):
        return "action_refuse"

    def run(self, dispatcher, tracker, domain):
        raise ActionExecutionRejection(self.name(), "not now")


class Dawdle(Action):
    def name(self):
        return "action_dawdle"

    def run(self, dispatcher, tracker, domain):
        time.sleep(0.2)
        return []


class Where(Action):
    def name(self):
        return "action_where"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text=threading.current_thread().name)
        return []


class WhereAtOnce(Where):
    starts_at_once = True

    def name(self):
        return "action_where_at_once"


class WhereInTheEnd(WhereAtOnce):
    def name(self):
        return "action_where_in_the_end"

    def run(self, dispatcher, tracker, domain):
        super().run(dispatcher, tracker, domain)
        try:
            may_wait()
        except Exception:  # as who handles a failed database
            return [SlotSet("failed", True)]
        return []


class RefuseAtOnce(Refuse):
    starts_at_once = True

    def name(self):
        return "action_refuse_at_once"
"""


@pytest.fixture(scope="module")
def actions(tmp_path_factory: pytest.TempPathFactory) -> Any:
    directory = tmp_path_factory.mktemp("somewhere")
    (directory / "actions_of_the_test.py").write_text(PACKAGE)
    sys.path.insert(0, str(directory))
    made = InProcessActions("actions_of_the_test")
    yield made
    made.close()
    # rasa_sdk takes every Action class of the process for the project's: these must be gone for other tests.
    made._executor = None
    sys.modules.pop("actions_of_the_test")
    sys.path.remove(str(directory))
    gc.collect()


def call(name: str) -> dict[str, Any]:
    """The body that Rasa posts to an action server."""
    tracker = {"sender_id": "ann", "slots": {}, "latest_message": {}, "events": [], "active_loop": {}}
    return {"next_action": name, "sender_id": "ann", "tracker": tracker, "domain": {}, "version": "3.6.21"}


async def test_an_action_gives_events_and_responses(actions: InProcessActions) -> None:
    answer = await actions.request(json=call("action_greet"), method="post", timeout=300)
    assert [each["text"] for each in answer["responses"]] == ["Hello ann"]
    assert [(each["event"], each["name"], each["value"]) for each in answer["events"]] == [("slot", "greeted", True)]
    json.dumps(answer)


@pytest.mark.parametrize(
    ("name", "status"), [("action_refuse", 400), ("action_refuse_at_once", 400), ("action_nobody_knows", 404)]
)
async def test_a_refusal_and_an_unknown_action_are_rasas_http_errors(
    actions: InProcessActions, name: str, status: int
) -> None:
    with pytest.raises(ClientResponseError) as error:
        await actions.request(json=call(name))
    assert error.value.status == status
    assert json.loads(error.value.text)["action_name"] == name


@pytest.mark.parametrize(
    ("name", "at_once"), [("action_where", False), ("action_where_at_once", True), ("action_where_in_the_end", False)]
)
async def test_what_waits_for_nothing_may_run_in_the_event_loop(
    actions: InProcessActions, name: str, at_once: bool
) -> None:
    answer = await actions.call(call(name))
    (response,) = answer["responses"]  # what was begun twice has spoken once
    assert (response["text"] == threading.current_thread().name) is at_once
    assert answer["events"] == []


async def test_slow_actions_do_not_wait_for_each_other_nor_stall_the_server(actions: InProcessActions) -> None:
    longest_pause, running = 0.0, True

    async def watch() -> None:
        nonlocal longest_pause
        while running:
            before = time.monotonic()
            await asyncio.sleep(0.005)
            longest_pause = max(longest_pause, time.monotonic() - before)

    watcher = asyncio.create_task(watch())
    started = time.monotonic()
    await asyncio.gather(*(actions.request(json=call("action_dawdle")) for _ in range(THREADS)))
    took, running = time.monotonic() - started, False
    await watcher
    assert took < 0.2 * THREADS / 2
    assert longest_pause < 0.2


def test_the_projects_own_actions_are_all_found() -> None:
    names = InProcessActions().names
    assert {"action_extract_details", "action_book_flight", "action_default_fallback"} <= names
    assert not any(name.startswith("utter_") for name in names)
