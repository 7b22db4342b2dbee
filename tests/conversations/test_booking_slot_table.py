"""Every detail a traveller can tell, corrected, interrupted, stopped and taken up again, with the real assistant.

Generated from TOLD, one row for each slot: the question during which it is told, the answer, and its correction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from flights.trip import BOOKING, PERSON, SEARCH, TRIP
from tests.conversations.audit import faults
from tests.conversations.traveller import ANSWERS, HAPPY_PATH, OPENING, answer, finish, messages

pytestmark = pytest.mark.filterwarnings("ignore::Warning:(?!skycap|flights|actions|tests)")

QUESTION, REPLY = "can I bring my dog?", "dogs and cats"
# What a correction may change beside its own slot.
FOLLOWS = {
    "offers",
    "offers_for",
    "offers_page",
    "selected_flight",
    "hold_reference",
    "confirm_booking",
    "requested_slot",
}
OTHER_TRIP = {
    **ANSWERS,
    "destination": "Oslo",
    "origin": "Madrid",
    "departure_date": "December 6",
    "return_date": "one way",
}


def shown(number: int) -> Callable[[dict[str, Any]], str]:
    return lambda slots: slots["offers"][number - 1]["id"]


@dataclass(frozen=True)
class Told:
    """A slot, the question that is open when it is told (the opening when None), and what is said of it."""

    slot: str
    asked: str | None
    answer: str
    value: Any
    correction: str
    corrected: Any
    others: dict[str, Any] = field(default_factory=dict)  # further slots that the correction sets by its nature


TOLD = (
    Told("destination", "destination", "Rome", "ROM", "no, to Milan", "MIL"),
    Told("origin", "origin", "Berlin", "BER", "sorry, I meant from Munich", "MUC"),
    Told("trip_type", None, "I need a round trip flight", "round_trip", "make it one way please", "one_way"),
    Told("departure_date", "departure_date", "December 4", "2026-12-04", "sorry, leaving on December 5", "2026-12-05"),
    Told("return_date", "return_date", "December 11", "2026-12-11", "I'd rather come back on December 12", "2026-12-12"),
    Told("departure_time", "passengers", "two, leaving in the morning", "morning", "in the evening is better", "evening"),
    Told("passengers", "passengers", "two people", 2, "sorry, three people", 3),
    Told("cabin", "passengers", "two people in business class", "business", "economy please", "economy"),
    Told("airline", "passengers", "two people with Lufthansa", "LH", "only with ITA Airways please", "AZ"),
    Told("nonstop", "passengers", "two people, nonstop only", True, "stops are fine", False),
    Told("refundable", "passengers", "two, and it must be refundable", True, "it doesn't have to be refundable", False),
    Told("selected_flight", "selected_flight", "the first one", shown(1), "no, the second one", shown(2)),
    Told("passenger_name", "passenger_name", "Anna Schmidt", "Anna Schmidt", "the name is Ann Smith", "Ann Smith"),
    Told("contact_email", "contact_email", "ann@example.com", "ann@example.com", "my e-mail is ann@example.org", "ann@example.org"),
    Told("contact_phone", "contact_phone", "+49 30 1234567", "+49 30 1234567", "my phone number is +49 40 7654321", "+49 40 7654321"),
    Told("confirm_booking", "confirm_booking", "no", False, "yes, book it", True),
)  # fmt: skip
EVERY = pytest.mark.parametrize("told", TOLD, ids=lambda told: told.slot)


class Course:
    """One conversation along the happy path, checked after every message."""

    def __init__(self, dialogue, told: Told) -> None:
        self.dialogue, self.told = dialogue, told
        self.before: dict[str, Any] = {}

    @property
    def slots(self) -> dict[str, Any]:
        return self.dialogue.slots

    def say(self, text: str) -> None:
        self.before = dict(self.slots)
        self.dialogue.say(text)
        self.check()

    def check(self, *found: str) -> None:
        if problems := [*found, *faults(self.dialogue)]:
            pytest.fail(self.dialogue.report(problems), pytrace=False)

    def expect(self, value: Any) -> None:
        wanted = value(self.before) if callable(value) else value
        self.value = wanted
        if self.slots[self.told.slot] != wanted:
            self.check(f"{self.told.slot} is {self.slots[self.told.slot]!r} instead of {wanted!r}")

    def go_on(self) -> None:
        """Answer the open question; before the confirmation, rather ask something."""
        if self.slots["requested_slot"] == "confirm_booking":
            self.say(QUESTION)
            return
        self.before = dict(self.slots)
        if answer(self.dialogue) is None:
            self.check("nothing is asked")
        self.check()

    def tell(self) -> None:
        """Follow the happy path up to the moment of the row, and tell the slot."""
        if self.told.asked is None:
            self.say(self.told.answer)
        else:
            self.say(OPENING)
            while self.slots["requested_slot"] != self.told.asked:
                self.go_on()
            self.say(self.told.answer)
        self.expect(self.told.value)

    def correct(self) -> None:
        self.say(self.told.correction)
        if self.told.slot == "confirm_booking":
            self.check(*(["not booked"] if self.dialogue.bookings() != 1 else []))
            return
        self.expect(self.told.corrected)
        self.same_but(self.told.slot, *FOLLOWS)

    def same_but(self, *changed: str) -> None:
        now = {slot: value for slot, value in self.slots.items() if slot not in changed}
        odd = {slot: (self.before[slot], value) for slot, value in now.items() if self.before[slot] != value}
        if odd:
            self.check(f"changed as well: {odd}")

    def digress(self) -> None:
        self.say(QUESTION)
        if REPLY not in self.dialogue.text():
            self.check("the question was not answered")
        self.same_but()
        if len(self.dialogue.replies) < 2:
            self.check("what was asked is not asked again")

    def book(self, *, extra: int = 0) -> None:
        """Go on to the booking, which holds the value, within the messages of the happy path and `extra` ones."""
        while not self.dialogue.bookings():
            if messages(self.dialogue) > HAPPY_PATH + extra:
                self.check(f"more than {HAPPY_PATH + extra} messages")
            self.before = dict(self.slots)
            if answer(self.dialogue) is None:
                self.check("nothing is asked")
            self.check()
        if self.told.slot not in ("confirm_booking", "selected_flight"):
            self.expect(self.value)


@pytest.fixture
def course(stage, told):
    with stage.dialogue() as dialogue:
        yield Course(dialogue, told)


@EVERY
def test_user_corrects_it_at_once(course) -> None:
    course.tell()
    course.correct()
    course.book(extra=1)


@EVERY
def test_user_corrects_it_two_turns_later(course) -> None:
    course.tell()
    course.go_on()
    course.go_on()
    chosen = course.slots["selected_flight"]
    seen = bool(course.slots["offers"])
    told = course.told
    course.correct()
    dropped = told.slot in SEARCH and chosen
    if dropped and course.slots["selected_flight"]:
        course.check("the flight chosen before survives")
    if told.slot in SEARCH and seen and "no longer fit" not in course.dialogue.text():
        course.check("nobody says that the flights no longer fit")
    asked_meanwhile = {"contact_email": 0, "contact_phone": 2, "confirm_booking": 2, "passenger_name": 0}
    course.book(extra=1 + bool(dropped) + asked_meanwhile.get(told.slot, 0))


@pytest.mark.parametrize("told", [each for each in TOLD if each.slot != "confirm_booking"], ids=lambda told: told.slot)
def test_user_corrects_it_at_the_summary(course) -> None:
    course.tell()
    while course.slots["requested_slot"] != "confirm_booking":
        course.go_on()
    told, held = course.told, course.slots["hold_reference"]
    course.correct()
    if told.slot in (*SEARCH, "selected_flight") and course.slots["hold_reference"] == held:
        course.check("the seats of the other flight are still held")
    course.book(extra=1 + (told.slot in SEARCH))


@EVERY
def test_user_asks_something_in_between(course) -> None:
    course.tell()
    course.digress()
    course.book(extra=1 + (course.told.slot == "confirm_booking"))


@EVERY
def test_user_stops_and_books_another_trip(course) -> None:
    course.tell()
    course.say("stop")
    kept = {slot: course.slots[slot] for slot in (*TRIP, *BOOKING, *PERSON, "requested_slot") if course.slots[slot]}
    if kept:
        course.check(f"not forgotten: {kept}")
    course.say(OPENING)
    if not finish(course.dialogue, OTHER_TRIP):
        course.check("no other trip could be booked")
    course.check()
    booked = {slot: course.slots[slot] for slot in SEARCH if course.slots[slot]}
    other = {
        "destination": "OSL",
        "origin": "MAD",
        "departure_date": "2026-12-06",
        "trip_type": "one_way",
        "passengers": 2,
    }
    if booked != other:
        course.check(f"the other trip is {booked}")


@EVERY
def test_user_digresses_says_goodbye_and_goes_on(course) -> None:
    course.tell()
    course.digress()
    course.say("goodbye")
    course.same_but()
    course.book(extra=2 + (course.told.slot == "confirm_booking"))


@EVERY
def test_user_comes_back_the_next_day_and_goes_on(course) -> None:
    course.tell()
    course.say("goodbye")
    course.dialogue.wait(minutes=20 * 60)
    course.say("hello again")
    course.same_but("requested_slot", "hold_reference")  # held anew
    if course.slots["requested_slot"] != course.before["requested_slot"]:
        course.check("the booking is not taken up again")
    course.book(extra=3 + (course.told.slot == "confirm_booking"))
