"""A traveller who answers what is asked: the straight way through a booking, from wherever a conversation stands.

Plays with a Dialogue of stage.py; the slot table, the orders and benchmarks/fuzz.py use it to go on and to finish.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conversations.stage import Dialogue

OPENING = "I need a flight"
# The question and its answer, in the order of the questions.
ANSWERS = {
    "destination": "Rome",
    "origin": "Berlin",
    "departure_date": "December 4",
    "return_date": "December 11",
    "passengers": "two people",
    "selected_flight": "the first one",
    "passenger_name": "Anna Schmidt",
    "contact_email": "anna@example.com",
    "contact_phone": "+49 30 1234567",
    "confirm_booking": "yes",
}
HAPPY_PATH = len(ANSWERS) + 1  # messages to a booking, the opening included
PATIENCE = 2 * HAPPY_PATH


def answer(dialogue: Dialogue, answers: Mapping[str, str] = ANSWERS) -> str | None:
    """Answer the question that is open; returns the slot it asked for, None when nothing is asked."""
    asked = dialogue.slots.get("requested_slot")
    if not asked:
        return None
    if asked == "place_choice":
        dialogue.say(dialogue.slots["place_choice"]["options"][0])
    elif asked == "confirm_trip":
        dialogue.say("yes")
    elif asked == "selected_flight" and not dialogue.slots.get("offers"):  # none were found
        dialogue.say(f"two people from Berlin to Rome {answers['departure_date']}")
    else:
        dialogue.say(answers[asked])
    return asked


def finish(dialogue: Dialogue, answers: Mapping[str, str] = ANSWERS) -> bool:
    """Answer every question until a booking is made; returns whether it was."""
    before = dialogue.bookings()
    for _ in range(PATIENCE):
        if answer(dialogue, answers) is None or dialogue.bookings() > before:
            break
    return dialogue.bookings() == before + 1


def messages(dialogue: Dialogue) -> int:
    """How many messages the traveller has sent."""
    return sum(line.startswith("user: ") for line in dialogue.transcript)
