"""The queue for people, the same contract on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import inspect

from flights import database
from skycap.handoffs import Handoff, HandoffQueue, Line, NotPossible, UnknownHandoff, within_hours
from skycap.settings import ROOT

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)


@pytest.fixture
def queue(empty_url: str) -> HandoffQueue:
    return HandoffQueue(database.engine(empty_url))


def ask(queue: HandoffQueue, conversation: str = "ann's", **changes) -> tuple[Handoff, bool]:
    asked = {
        "channel": "socketio",
        "reason": "asked",
        "summary": {"origin": "BER", "passengers": 2},
        "transcript": [Line(NOW, "traveller", "a person, please"), Line(NOW, "skycap", "You are next.")],
        "now": NOW,
    }
    return queue.ask(conversation, **{**asked, **changes})


def test_a_conversation_waits_with_what_is_known_and_what_was_said(queue) -> None:
    handoff, is_new = ask(queue)
    assert is_new
    assert (handoff.state, handoff.channel, handoff.reason) == ("waiting", "socketio", "asked")
    assert handoff.summary == {"origin": "BER", "passengers": 2}
    assert handoff.asked_at == NOW
    assert [(line.who, line.text) for line in queue.lines(handoff.id)] == [
        ("traveller", "a person, please"),
        ("skycap", "You are next."),
    ]
    assert queue.all_open() == queue.unfinished() == [handoff]


def test_what_a_traveller_says_is_masked_and_what_a_person_says_is_not(queue) -> None:
    handoff, _ = ask(queue, transcript=[Line(NOW, "traveller", "I am a@b.co"), Line(NOW, "skycap", "Yes, a@b.co")])
    queue.hear(handoff.id, "call +49 171 1234567", NOW)
    queue.take(handoff.id, "Ann", NOW)
    queue.say(handoff.id, "Ask them: help@example.com", NOW)
    said = [line.text for line in queue.lines(handoff.id)]
    assert said == ["I am [EMAIL]", "Yes, [EMAIL]", "call [PHONE]", "Ask them: help@example.com"]


def test_asking_twice_waits_once(queue) -> None:
    first, _ = ask(queue)
    again, is_new = ask(queue, now=NOW + timedelta(minutes=1), reason="failed")
    assert (again, is_new) == (first, False)
    assert len(queue.lines(first.id)) == 2


def test_asking_from_many_processes_at_once_waits_once(queue) -> None:
    with ThreadPoolExecutor(8) as threads:
        asked = list(threads.map(lambda _: ask(queue), range(8)))
    assert sum(is_new for _, is_new in asked) == 1
    assert len({handoff.id for handoff, _ in asked}) == 1


def test_a_closed_conversation_may_ask_again(queue) -> None:
    first, _ = ask(queue)
    queue.close(first.id, NOW)
    second, is_new = ask(queue)
    assert is_new and second.id != first.id
    assert queue.open_of("ann's") == queue.latest_of("ann's") == second


def test_the_place_counts_those_who_wait_before(queue) -> None:
    first, second, third = (ask(queue, name)[0] for name in ("ann's", "ben's", "cleo's"))
    assert [queue.place(each) for each in (first, second, third)] == [1, 2, 3]
    queue.take(first.id, "Pat", NOW)
    assert queue.place(third) == 2


def test_one_person_takes_it(queue) -> None:
    handoff, _ = ask(queue)

    def take(name: str) -> str | None:
        try:
            return queue.take(handoff.id, name, NOW).agent
        except NotPossible:
            return None

    names = [f"Agent {number}" for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        takers = [name for name in threads.map(take, names) if name]
    assert len(takers) == 1
    assert queue.get(handoff.id).agent == takers[0]
    assert queue.take(handoff.id, takers[0], NOW + timedelta(minutes=1)).taken_at == NOW  # harmless again


def test_only_a_conversation_that_is_taken_can_be_talked_to(queue) -> None:
    handoff, _ = ask(queue)
    with pytest.raises(NotPossible, match="Take it first"):
        queue.say(handoff.id, "Hello", NOW)
    queue.take(handoff.id, "Pat", NOW)
    with pytest.raises(NotPossible, match="empty"):
        queue.say(handoff.id, "  ", NOW)
    queue.say(handoff.id, "Hello", NOW)
    queue.close(handoff.id, NOW)
    with pytest.raises(NotPossible, match="closed"):
        queue.say(handoff.id, "Are you there?", NOW)
    with pytest.raises(NotPossible, match="closed"):
        queue.take(handoff.id, "Sam", NOW)


def test_what_a_person_says_stays_in_the_outbox_until_it_was_sent(queue) -> None:
    handoff, _ = ask(queue)
    queue.take(handoff.id, "Pat", NOW)
    assert queue.waiting_to_be_sent() == set()
    for text in ("Hello", "How can I help?"):
        queue.say(handoff.id, text, NOW)
    queue.hear(handoff.id, "Hello Pat", NOW)
    assert [line.text for line in queue.unsent(handoff.id)] == ["Hello", "How can I help?"]
    assert queue.waiting_to_be_sent() == {handoff.id}
    queue.mark_sent(queue.unsent(handoff.id)[0], NOW)
    assert [line.text for line in queue.unsent(handoff.id)] == ["How can I help?"]
    assert [line.who for line in queue.lines(handoff.id)][2:] == ["person", "person", "traveller"]


def test_closing_twice_is_closing_once(queue) -> None:
    handoff, _ = ask(queue)
    assert queue.close(handoff.id, NOW, by="traveller")
    assert not queue.close(handoff.id, NOW + timedelta(minutes=5))
    closed = queue.get(handoff.id)
    assert (closed.closed_by, closed.closed_at) == ("traveller", NOW)
    assert queue.all_open() == []


def test_a_closed_conversation_is_unfinished_until_the_assistant_goes_on(queue) -> None:
    handoff, _ = ask(queue)
    queue.close(handoff.id, NOW)
    assert [each.id for each in queue.unfinished()] == [handoff.id]
    queue.mark(handoff.id, "resumed_at", NOW)
    queue.mark(handoff.id, "resumed_at", NOW + timedelta(minutes=1))
    assert queue.unfinished() == []
    assert queue.get(handoff.id).resumed_at == NOW


def test_a_number_nobody_has_is_said_to_be_unknown(queue) -> None:
    for act in (queue.get, lambda number: queue.take(number, "Pat", NOW), lambda number: queue.close(number, NOW)):
        with pytest.raises(UnknownHandoff, match="no hand-over 7"):
            act(7)


def test_two_processes_that_start_at_once_make_the_tables_once(empty_url: str) -> None:
    code = (
        "import sys; from flights import database; from skycap.handoffs import HandoffQueue;"
        "HandoffQueue(database.engine(sys.argv[1]))"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = [subprocess.Popen([sys.executable, "-c", code, empty_url], cwd=ROOT, env=env) for _ in range(3)]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    assert {"handoffs", "handoff_lines"} <= set(inspect(database.engine(empty_url)).get_table_names())


@pytest.mark.parametrize(
    ("hours", "clock", "expected"),
    [
        ("", "03:00", True),
        ("08:00-20:00", "07:59", False),
        ("08:00-20:00", "08:00", True),
        ("08:00-20:00", "20:00", False),
        ("20:00-06:00", "23:00", True),
        ("20:00-06:00", "05:59", True),
        ("20:00-06:00", "12:00", False),
    ],
)
def test_hours_may_run_over_midnight(hours: str, clock: str, expected: bool) -> None:
    hour, minute = clock.split(":")
    assert within_hours(hours, NOW.replace(hour=int(hour), minute=int(minute))) is expected
