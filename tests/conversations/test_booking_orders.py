"""Travellers name the parts of a trip in any order: at once, inside a booking, and where something else was asked."""

from __future__ import annotations

import pytest

from tests.conversations.audit import faults
from tests.conversations.orders import SOME
from tests.conversations.traveller import OPENING

pytestmark = pytest.mark.filterwarnings("ignore::Warning:(?!skycap|flights|actions|tests)")

BEFORE = {
    "as the first message": ((), "I need a flight {}"),
    "as the answer to the first question": ((OPENING,), "{}"),
    "in the middle of another trip": (("I want to fly from Oslo to Madrid",), "actually {}"),
    "where the day was asked for": (("I want to fly from Oslo to Madrid",), "{}"),
}


@pytest.mark.parametrize("when", BEFORE)
@pytest.mark.parametrize(("sentence", "slots"), SOME, ids=[sentence for sentence, _ in SOME])
def test_user_names_the_parts_in_any_order(stage, sentence, slots, when) -> None:
    first, pattern = BEFORE[when]
    with stage.dialogue() as dialogue:
        for text in first:
            dialogue.say(text)
        dialogue.say(pattern.format(sentence))
        heard = {slot: dialogue.slots[slot] for slot in slots}
        assert heard == slots, dialogue.report(["understood otherwise"])
        assert list(faults(dialogue)) == [], dialogue.report([])
