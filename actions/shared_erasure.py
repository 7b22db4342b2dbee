"""A traveller's wish to have everything kept of them erased, and the answer to whether it is meant.

A task of the form, laid over whatever is under way (docs/adr/0009-one-form.md): the slot `confirm_erasure` is filled as
long as the question is open. Reads a sentence, writes that slot; `shared_privacy` acts on it.
"""

from __future__ import annotations

from typing import Any

from flights.my_trip import TASKS
from flights.reading import Context
from flights.reading.choices import is_question, says_neither, says_no
from flights.reading.words import pattern, words
from flights.trip import STARTS

WISH = "erase_my_data"
SLOT = "confirm_erasure"
SURE = 0.5
ELSEWHERE = {*STARTS, *TASKS, "choose_flight"}


def hear(text: str, context: Context, *, in_form: bool) -> dict[str, Any] | None:
    """The slot after a sentence; None when the sentence is about something else, {} when the question stays open."""
    task = context.known.get(SLOT) if in_form else None
    if not task:
        return {SLOT: {"in_booking": in_form}} if context.intent == WISH else None
    answer = _answer(text, context)
    if answer is not None:
        return {SLOT: {**task, "answer": answer}}
    return None if context.intent in ELSEWHERE and context.confidence >= SURE else {}


def _answer(text: str, context: Context) -> bool | None:
    """Whether it is meant; None where that is not beyond doubt, since it cannot be undone."""
    table = words(context.language)
    if says_no(text, context) or pattern(table.keep_it).search(text) or context.intent in ("stop", "go_back"):
        return False
    agrees = pattern(table.yes).search(text) or context.intent in ("affirm", WISH)
    doubts = is_question(text, context) or pattern(table.hesitates).search(text) or says_neither(text, context)
    return True if agrees and not doubts else None
