"""Whether two servers said the same: what may differ, and what may not."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml

from benchmarks.bench_load import Turn
from benchmarks.bench_replies import OTHER, REVEALED, SAME, WORDING, Wordings, compare, compare_all
from skycap.settings import ROOT


def turn(text: str = "hi", said: str | None = "hello") -> Turn:
    return Turn(text, ({"recipient_id": "a", "text": said},) if said else (), 0.1, 0.0)


WORDINGS = Wordings(
    {
        "utter_one": [{"text": "Where to?"}],
        "utter_three": [{"text": "Which reference?"}, {"text": "Six letters such as K7QX2M."}],
        "utter_two": [{"text": "{count} flights to {city}."}, {"text": "To {city} there are {count}."}],
    }
)


@pytest.mark.parametrize(
    ("ours", "stock", "expected"),
    [
        ("Where to?", "Where to?", SAME),
        ("Your reference is K7QX2M.", "Your reference is BBBCCD.", SAME),
        ("3 flights to Rome.", "To Rome there are 3.", WORDING),
        ("3 flights to Rome.", "To Rome there are 4.", OTHER),
        ("3 flights to Rome.", "3 flights to Oslo.", OTHER),
        ("Which reference?", "Six letters such as K7QX2M.", WORDING),
        ("Where to?", "To Rome there are 4.", OTHER),
        (None, "Where to?", OTHER),
        (None, None, OTHER),
    ],
)
def test_only_wordings_and_references_may_differ(ours, stock, expected) -> None:
    assert compare(turn(said=ours), turn(said=stock), WORDINGS) == expected


PERSON = "Nora Keller, nora.keller7@example.com, +1 202 555 0107"
TOKENS = "[NAME:1], [EMAIL:1], [PHONE:2]"


def test_a_token_shown_as_what_the_traveller_said_is_counted_apart() -> None:
    assert compare(turn(said=f"For {PERSON}"), turn(said=f"For {TOKENS}"), WORDINGS, PERSON) == REVEALED
    assert compare(turn(said=f"For {PERSON}"), turn(said=f"To {TOKENS}"), WORDINGS, PERSON) == OTHER
    ours, theirs = "3 flights to Nora Keller.", "To [NAME:1] there are 3."
    assert compare(turn(said=ours), turn(said=theirs), WORDINGS, PERSON) == REVEALED


def test_the_data_of_somebody_else_is_a_difference() -> None:
    other = PERSON.replace("Nora", "Emil")
    assert compare(turn(said=other), turn(said=TOKENS), WORDINGS, PERSON) == OTHER


def test_cards_and_buttons_are_compared_too() -> None:
    one, other = (Turn("hi", ({"recipient_id": x, "custom": {"price": price}},), 0.1, 0.0) for x, price in ("a1", "b2"))
    assert compare(one, other, WORDINGS) == OTHER
    assert compare(one, replace(one, replies=({**one.replies[0], "recipient_id": "z"},)), WORDINGS) == SAME


def test_an_apology_is_no_answer() -> None:
    responses = yaml.safe_load((ROOT / "domain.yml").read_text())["responses"]
    assert all(turn(said=each["text"]).failed for each in responses["utter_trouble"])
    assert not any(turn(said=each["text"]).failed for each in responses["utter_flights_unavailable"])


@pytest.mark.parametrize(("words", "expected"), [("yes", SAME), ("no", OTHER)])
def test_a_signed_button_is_what_it_says(words: str, expected: str) -> None:
    signed, plain = ({"text": "?", "buttons": [{"payload": each}]} for each in (f"{words}~~{'aB3_' * 6}", "yes"))
    assert compare(Turn("hi", (signed,), 0.1, 0.0), Turn("hi", (plain,), 0.1, 0.0), WORDINGS) == expected


def test_the_talks_that_both_held_are_compared() -> None:
    a, b = turn(said="Where to?"), turn(said="When?")
    counts, different = compare_all([[a, a], [a, a], [b]], [[a, a], [a, b]], WORDINGS)
    assert (counts[SAME], counts[OTHER]) == (3, 1)
    assert different == [(1, 1)]
