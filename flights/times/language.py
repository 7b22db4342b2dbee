"""What a language has to say about times of day: the shape of `languages/<code>/times.yml`, and the parts of the day.

Place in the flow: `find.py` reads a table of this shape; a search takes the windows of `PARTS`.
"""

from dataclasses import dataclass, field

# What a part of the day is when nothing narrows it: earliest and latest departure.
PARTS = {
    "morning": ("05:00", "11:59"),
    "early_morning": ("05:00", "08:59"),
    "late_morning": ("10:00", "11:59"),
    "midday": ("11:00", "13:59"),
    "afternoon": ("12:00", "17:59"),
    "early_afternoon": ("12:00", "14:59"),
    "late_afternoon": ("15:00", "17:59"),
    "evening": ("18:00", "22:59"),
    "early_evening": ("17:00", "19:59"),
    "late_evening": ("20:00", "23:59"),
    "night": ("20:00", "23:59"),
    "overnight": ("21:00", "05:59"),
}


@dataclass(frozen=True)
class TimeWords:
    """The words of one language. Patterns are regular expressions over folded text."""

    hours: dict[str, int]
    clock_words: dict[str, int]  # "noon": minutes after midnight
    minutes_past: dict[str, int]  # "half past": 30, "quarter to": -15
    clock: (
        str  # one clock time, with the groups hour, minute, half, military, oclock, past; ahead is past before the hour
    )
    afternoon_letter: str  # what `half` is in the afternoon and evening
    parts: dict[str, tuple[str, str | None, str | None]]  # "after lunch": (part, earliest, latest)
    late_parts: frozenset[str]  # parts that make 7 mean 19:00
    part_lead: str
    greeting: str  # what stands before a part that is then a greeting: "good morning"
    counted: dict[str, str]  # what stands before a part that is then a length: "one night"
    leads: dict[str, str]  # after, before, around, at: what stands before a clock time
    tail: str
    tail_leads: dict[str, str]
    pair_lead: str
    pair_gap: str
    merge_gap: str
    not_time: str  # what follows a number that is no time
    arrival: str  # what stands before a time of arrival
    blocked: tuple[str, ...]  # dates: their digits are no times
    arrival_after: str = "(?!)"  # what follows a time of arrival: "um 9 in Rom landen"
    early_parts: frozenset[str] = frozenset()  # parts that make 3 mean 03:00
    minutes: dict[str, int] = field(default_factory=dict)  # in words: "acht Uhr dreißig"; @minute in `clock`
    digital: bool = False  # hours with minutes in digits count to 24: 3:30 is no afternoon
