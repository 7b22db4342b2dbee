"""The cache of limited size."""

from __future__ import annotations

from skycap.kept import Kept, fingerprint


def test_an_answer_is_made_once():
    kept, made = Kept(2), []
    for _ in range(3):
        assert kept.get("a", lambda: made.append(1) or len(made)) == 1
    assert len(made) == 1


def test_what_was_not_asked_for_longest_goes_first():
    kept = Kept(2)
    for key in ("a", "b", "a", "c"):
        kept.get(key, lambda key=key: key.upper())
    assert len(kept) == 2
    assert kept.get("a", lambda: "made anew") == "A"
    assert kept.get("b", lambda: "made anew") == "made anew"


def test_a_fingerprint_does_not_say_what_was_typed():
    assert fingerprint("Anna Schmidt") == fingerprint("Anna Schmidt") != fingerprint("anna schmidt")
    assert len(fingerprint("\ud800 half a character")) == 16
    assert b"Anna" not in fingerprint("Anna Schmidt")


def test_room_is_made_and_never_taken_away() -> None:
    kept = Kept(1)
    for room, most in ((3, 3), (2, 3)):
        kept.make_room(room)
        for each in range(5):
            kept.get(each, lambda each=each: each)
        assert len(kept) == most
