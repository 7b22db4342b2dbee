"""The desk: what a person who answers travellers reads and does, as text for a terminal.

`skycap handoffs …` parses and calls; each function here does one thing and returns what to print.
"""

from __future__ import annotations

from datetime import datetime

from skycap.handoffs.queue import Handoff, HandoffQueue

REASONS = {
    "asked": "asked for a person",
    "failed": "was not understood three times",
    "trouble": "asked after something failed on our side",
}
SPEAKERS = {"traveller": "Traveller", "skycap": "Skycap"}


def list_open(queue: HandoffQueue, now: datetime) -> str:
    """One line for each hand-over that is open, the longest waiting first."""
    rows = [_one_line(each, now) for each in queue.all_open()]
    return "\n".join(rows) if rows else "Nobody is waiting."


def show(queue: HandoffQueue, handoff_id: int, now: datetime) -> str:
    """Who it is, why, what is known, and everything said."""
    handoff = queue.get(handoff_id)
    lines = [_one_line(handoff, now), f"conversation {handoff.conversation_id}"]
    lines += [f"  {slot}: {value}" for slot, value in handoff.summary.items()]
    lines.append("")
    for line in queue.lines(handoff_id):
        speaker = SPEAKERS.get(line.who) or handoff.agent or "Person"
        pending = "" if line.who != "person" or line.sent_at else "  (not delivered yet)"
        lines.append(f"{line.at:%H:%M:%S} {speaker}: {line.text}{pending}")
    return "\n".join(lines)


def take(queue: HandoffQueue, handoff_id: int, agent: str, now: datetime) -> str:
    """Take it, and show it."""
    queue.take(handoff_id, agent, now)
    return show(queue, handoff_id, now)


def say(queue: HandoffQueue, handoff_id: int, text: str, now: datetime) -> str:
    """Say something to the traveller."""
    queue.say(handoff_id, text, now)
    return "The server delivers it within a second or two; `skycap handoffs show` tells whether it did."


def close(queue: HandoffQueue, handoff_id: int, now: datetime) -> str:
    """Give the conversation back to the assistant."""
    if queue.close(handoff_id, now):
        return "Closed. The assistant goes on with the traveller."
    return "It was closed before."


def _one_line(handoff: Handoff, now: datetime) -> str:
    state = {"waiting": "waiting", "taken": f"taken by {handoff.agent}"}.get(handoff.state)
    state = state or f"closed by the {handoff.closed_by}"
    minutes = int((now - handoff.asked_at).total_seconds() // 60)
    return f"{handoff.id}  {state}, {minutes} min, on {handoff.channel}: {REASONS[handoff.reason]}"
