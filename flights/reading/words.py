"""The words by which a sentence gives a detail its meaning: the shape of `languages/<code>/reading.yml`.

That file says what each of them is for. Patterns are matched without regard to case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from flights.languages import DEFAULT, codes, file_of, load


@dataclass(frozen=True)
class Words:
    """Patterns of one language. `before_*` must end right before a place; `after_*` start right behind it."""

    before_origin: str
    before_destination: str
    after_origin: str
    after_destination: str
    between: str
    and_: str
    not_before: str
    not_after: str
    instead_of: str
    not_with: str
    one_way: str
    round_trip: str
    no_return: str
    before_refused: str
    cabins: tuple[tuple[str, str], ...]
    any_cabin: str
    either: str
    or_between: str
    any_airline: str
    nonstop: str
    stops_allowed: str
    refundable: str
    refund_not_needed: str
    any_time: str
    indifferent: str
    passing_day: str
    weekday: str
    on_weekday: str
    correction: str
    instead: str
    swap: str
    before_bare_place: str
    after_bare_place: str
    before_choice: str
    from_to: str
    ordinal: str
    ordinal_choice: str
    not_ordinal: str
    exclamation: str
    yes: str
    no: str
    accept: str
    question: str
    my_name_is: str
    name_said: str
    title: str
    phone_is: str
    not_a_name: str
    start_over: str
    forget_trip: str
    never_mind: str
    back_to_assistant: str
    leave_queue: str
    ordinals: tuple[tuple[str, int], ...]
    option_number: str
    cheapest: str
    fastest: str
    earliest: str
    latest: str
    that_one: str
    reference_is: str
    flight_number_is: str
    not_before_reference: str
    last_name_is: str
    name_after_reference: str
    lead_in: str
    i_meant: str
    behind_a_name: str
    not_a_last_name: str
    lacks_proof: str
    rather: str
    another_booking: str
    cancel_it: str
    cancel_instead: str
    keep_it: str
    hesitates: str
    beside: str
    past: str
    shift: str
    shift_counts: tuple[tuple[str, int], ...]
    later: str
    earlier: str
    way_back: str
    from_booked_to: str
    which_day: tuple[tuple[str, str], ...]
    small_in_names: str = "(?!)"
    undecided: str = "(?!)"
    takes_leave: str = "(?!)"
    before_day: str = "(?!)"
    number: str = "(?!)"
    choice_or_day: str = "(?!)"
    behind_full_name: str = "(?!)"


def words(language: str | None) -> Words:
    """The table of `language` (ISO 639-1). Raises ValueError for a language without a folder."""
    return load(language or DEFAULT, "reading", Words)


@lru_cache(maxsize=1)
def small_in_names() -> str:
    """What stays small inside a name, in every language: names cross languages."""
    files = (code for code in codes() if file_of(code, "reading").is_file())
    return "|".join(words(code).small_in_names for code in files)


@lru_cache(maxsize=512)
def pattern(expression: str) -> re.Pattern[str]:
    """A compiled, case-blind pattern."""
    return re.compile(expression, re.IGNORECASE)
