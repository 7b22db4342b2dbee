"""Who travels: put into the vault as soon as a sentence was read, so that slots and events hold tokens."""

from __future__ import annotations

import re
from typing import Any

from flights.reading import Context, Reading, is_half_a_name
from skycap.vault import TOKEN, vault


def keep_person(conversation: str, context: Context, reading: Reading, text: str) -> None:
    """Put who travels into the vault: slots hold tokens. Unlike e-mail and phone, names were not masked on entry."""
    told = {
        slot: (kind, value)
        for slot, kind in (("passenger_name", "NAME"), ("contact_email", "EMAIL"), ("contact_phone", "PHONE"))
        if isinstance(value := reading.values.get(slot), str) and not TOKEN.fullmatch(value)
    }
    # "Mr Smith is my father"
    parts = [each for kind, value in told.values() if kind == "NAME" for each in re.findall(r"[^\W\d_]{3,}", value)]
    if told:
        tokens = vault().put_all(conversation, [*told.values(), *(("NAME", each) for each in parts)])
        reading.values.update(zip(told, tokens, strict=False))
    # Half a name is hidden too, even when the model takes it for something else.
    asked = context.asked == "passenger_name" and "passenger_name" not in reading.values
    half = any(each.kind == "not_a_name" for each in reading.problems) or is_half_a_name(text, context.language)
    if asked and half and not TOKEN.search(text):
        vault().put(conversation, "NAME", text)


def keep_last_name(conversation: str, heard: dict[str, Any]) -> dict[str, Any]:
    """What was heard of a booking made before, with the last name that proves it behind a token."""
    name = heard.get("trip_last_name")
    if not isinstance(name, str) or TOKEN.fullmatch(name):
        return heard
    return {**heard, "trip_last_name": vault().put(conversation, "NAME", name)}
