"""The recognizer library behind the grammar, for phrases the grammar does not know.

Place in the flow: `find.py` calls it only when the grammar found nothing and a word of the text smells of a date.
It takes 10 to 30 ms a phrase and a second the first time: callers warm it at start. Its answers are cached.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from flights.dates.resolve import Value

MAX_CHARACTERS = 80
_TYPES = ("datetimeV2.date", "datetimeV2.daterange", "datetimeV2.datetime", "datetimeV2.datetimerange")


@dataclass(frozen=True)
class Found:
    """A date the library found: its span in the text that was passed, and its value."""

    start: int
    end: int
    value: Value


def window(text: str, at: int) -> tuple[int, int]:
    """The span of at most 80 characters around position `at`, cut between words."""
    start, end = max(0, at - MAX_CHARACTERS // 2), min(len(text), at + MAX_CHARACTERS // 2)
    if start > 0:
        start = text.find(" ", start, at) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", at, end), at) if " " in text[at:end] else end
    return start, end


@lru_cache(maxsize=2048)
def recognize(text: str, today: date, culture: str) -> tuple[Found, ...]:
    """The dates the library sees in a short text, the future reading of each. Never raises."""
    if not culture:
        return ()
    from ms_recognizers_date_time import recognize_datetime
    from ms_recognizers_text import Culture

    try:
        results = recognize_datetime(text, getattr(Culture, culture), reference=datetime.combine(today, time()))
    except Exception:  # the library raises anything at all on odd input; a date not found is asked for again
        return ()
    found = []
    for result in results:
        values = (result.resolution or {}).get("values") or ()
        value = _value(values[-1], today) if result.type_name in _TYPES and values else None
        # Single words are the grammar's business; "a day earlier" is counted from a date the library does not know.
        if value and not value.past and " " in result.text.strip():
            found.append(Found(result.start, result.end + 1, value))
    return tuple(found)


def _value(resolution: dict, today: date) -> Value | None:
    try:
        if "value" in resolution:
            day = date.fromisoformat(resolution["value"][:10])
            return Value(day, past=day < today)
        first = date.fromisoformat(resolution["start"][:10])
        last = date.fromisoformat(resolution["end"][:10]) - timedelta(days=1)
    except (KeyError, ValueError, TypeError):
        return None
    if last < first or (last - first).days > 92:
        return None
    past = last < today
    return Value(first if past else max(first, today), last, "range", past)
