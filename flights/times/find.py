"""Finds times of day in a sentence: clock times, windows and parts of the day.

Place in the flow: NLU passes the traveller's sentence; a mention becomes `departure_time`, or a filter of the search.
Times are of the departure, local at the airport; a time of arrival ("arrive by 9 pm") is left alone.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from flights.dates.language import alternation, compiled
from flights.dates.scan import fold
from flights.languages import load
from flights.times.language import TimeWords

AROUND_MINUTES = 60
LAST_AFTERNOON_HOUR = 5  # "at 3" is 15:00, "at 6" is 06:00
_DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class TimeMention:
    """A time of day, or a window of times, in a text.

    `start` and `end` are character offsets, `text` what stands there. `earliest` and `latest` are `HH:MM`, both
    included, None when open; a window past midnight has `latest` before `earliest` ("red-eye"). `exact` says that a
    clock time was named without "around", "after" or "before". `part` is the part of the day, such as `morning` or
    `late_evening`, when one was named.
    """

    start: int
    end: int
    text: str
    earliest: str | None
    latest: str | None
    exact: bool
    part: str | None


@dataclass(frozen=True)
class _Clock:
    start: int
    end: int
    minutes: int
    certain: bool  # am, pm, 24 hours or a word such as noon: nothing to guess


@lru_cache(maxsize=8)
def _patterns(locale: str) -> tuple[TimeWords, re.Pattern, re.Pattern, re.Pattern, re.Pattern]:
    words = load(locale, "times", TimeWords)
    names = alternation(words.clock_words)
    said = words.clock.replace("@hour", alternation(words.hours)).replace("@minute", alternation(words.minutes))
    clock = rf"(?:{said}|(?P<name>{names}))"

    def numbered(index: int) -> str:
        return re.sub(r"\(\?P<(\w+)>", rf"(?P<\g<1>{index}>", clock)

    lead = "|".join(f"(?P<{key}>{pattern})" for key, pattern in words.leads.items())
    pair = re.compile(rf"(?<![\w$€£.,:/])(?:{words.pair_lead})?{numbered(1)}(?:{words.pair_gap}){numbered(2)}(?!\w)")
    single = re.compile(
        rf"(?<![\w$€£.,:/-])(?:(?P<lead>{lead})(?: |(?=\d)))?{numbered(1)}(?P<tail>{words.tail})?(?!\w)"
    )
    part = re.compile(rf"(?<![\w-])(?:{words.part_lead})?(?P<part>{alternation(words.parts)})(?!\w)")
    return words, pair, single, part, re.compile(rf"(?:{words.not_time})")


def find_times(text: str, *, locale: str = "en") -> tuple[TimeMention, ...]:
    """Find the times of day of a text, in the order of the sentence. Dates, counts and prices are no times.

    An hour without am or pm is in the afternoon when the sentence says so ("tonight at 7") or when it is 1 to 5;
    otherwise it is taken as said. "around" is an hour either side. Raises ValueError for a locale without tables.
    """
    words, pair, single, part, not_time = _patterns(locale)
    folded = fold(text, compiled(locale).misspelt)
    said = folded.text
    blocked = [one.span() for pattern in words.blocked for one in re.finditer(pattern, said)]
    found: list[tuple[int, int, str | None, str | None, bool, str | None]] = []
    parts = [one for one in part.finditer(said) if _is_part(one, said, words)]
    spoken = {one.start() for one in parts if one.start() < one.start("part")}  # where "in the evening" begins
    named = {words.parts[_key(one)][0] for one in parts}

    def free(start: int, end: int) -> bool:
        return not any(start < b and a < end for a, b in blocked) and not any(
            start < b and a < end for a, b, *_ in found
        )

    for match in pair.finditer(said):
        marked = _marked(match, 1) or _marked(match, 2)
        one, two = _clock(match, 1, words, named, borrow=2), _clock(match, 2, words, named, borrow=None)
        lead = bool(re.match(words.pair_lead, match.group()))
        if one and two and (lead or marked) and free(*match.span()) and not not_time.match(said[match.end() :]):
            borrowed = match.group("half2") and not match.group("half1")
            first = one.minutes - _DAY_MINUTES // 2 if borrowed and one.minutes > two.minutes else one.minutes
            last = _end(match, first, two.minutes, words)
            found.append((*match.span(), _clock_text(first), _clock_text(last), False, None))
    for match in single.finditer(said):
        clock = _clock(match, 1, words, named, borrow=None)
        if clock is None or not free(*match.span()):
            continue
        if not (clock.certain or match.group("lead") or match.group("tail") or match.end() + 1 in spoken):
            continue
        if not clock.certain and not_time.match(said[match.end() :]):
            continue
        if re.search(words.arrival, said[: match.start()]) or re.match(words.arrival_after, said[match.end() :]):
            blocked.append(match.span())
            continue
        lead = next((key for key in words.leads if match.group(key)), match.group("tail") and "tail")
        found.append(_window(match, clock, lead, words))
    for match in parts:
        name, earliest, latest = words.parts[_key(match)]
        if free(*match.span("part")):
            found.append((*match.span("part"), earliest, latest, False, name))
    found = _merge(sorted(found, key=lambda one: one[0]), said, words)
    mentions = []
    for start, end, earliest, latest, exact, name in found:
        a, b = folded.source(start, end)
        mentions.append(TimeMention(a, b, text[a:b], earliest, latest, exact, name))
    return tuple(mentions)


def _is_part(match: re.Match, said: str, words: TimeWords) -> bool:
    before, counted = said[: match.start("part")], words.counted.get(_key(match))
    return not re.search(words.greeting, before) and not (counted and re.search(counted, before))


def _key(match: re.Match) -> str:
    return match.group("part").replace("-", " ")


def _marked(match: re.Match, index: int) -> bool:
    return any(match.groupdict().get(f"{name}{index}") for name in ("half", "minute", "name", "oclock"))


def _clock(match: re.Match, index: int, words: TimeWords, named: set[str], borrow: int | None) -> _Clock | None:
    """Read a clock time; `named` are the parts of the day that the sentence names, `borrow` is the other time of a
    pair, whose am or pm counts for both.
    """
    span = match.span()
    said = match.groupdict()
    keys = ("name", "military", "hour", "minute", "half", "past", "ahead", "oclock")
    part = {key: said.get(f"{key}{index}") for key in keys}
    if part["name"]:
        return _Clock(*span, words.clock_words[part["name"]], True)
    if part["military"]:
        return _Clock(*span, int(part["military"][:2]) * 60 + int(part["military"][2:]), True)
    hour = int(part["hour"]) if part["hour"].isdigit() else words.hours[part["hour"]]
    minute = words.minutes.get(part["minute"]) or int(part["minute"] or 0)
    half = part["half"] or (match.group(f"half{borrow}") if borrow else None)
    if hour > 24 or (half and not 1 <= hour <= 12):
        return None
    if half:
        hour = hour % 12 + (12 if re.fullmatch(words.afternoon_letter, half) else 0)
    elif hour < 12 and not part["hour"].startswith("0") and _is_afternoon(hour, part, words, named):
        hour += 12
    past = part["past"] or part["ahead"]
    if past:
        minute = words.minutes_past[past]
    certain = bool(half or past or part["oclock"] or part["minute"])
    return _Clock(*span, (hour * 60 + minute) % _DAY_MINUTES, certain)


def _is_afternoon(hour: int, part: dict[str, str | None], words: TimeWords, named: set[str]) -> bool:
    """Whether an hour below 12 without am or pm is meant to be after noon."""
    if named & words.early_parts and hour <= LAST_AFTERNOON_HOUR:
        return False
    if named & words.late_parts:
        return True
    return 1 <= hour <= LAST_AFTERNOON_HOUR and not (words.digital and part["minute"])


def _end(match: re.Match, first: int, last: int, words: TimeWords) -> int:
    """The end of a window: "between 4 and 6" begins at 16:00 and ends at 18:00, "between 22 and 2" ends at 02:00."""
    if match.group("half2") or match.group("minute2"):
        return last
    noon, small = _DAY_MINUTES // 2, [_is_small(match.group(f"hour{index}"), words) for index in (1, 2)]
    if small[0] and first >= noon > last > first - noon:
        return last + noon
    return last - noon if small[1] and first > last >= noon else last


def _is_small(hour: str | None, words: TimeWords) -> bool:
    return bool(hour) and (words.hours[hour] if hour in words.hours else int(hour)) < 12


def _clock_text(minutes: int) -> str:
    hours, rest = divmod(minutes % _DAY_MINUTES, 60)
    return f"{hours:02d}:{rest:02d}"


def _window(match: re.Match, clock: _Clock, lead: str | None, words: TimeWords):
    at, span = _clock_text(clock.minutes), match.span()
    tail = (match.group("tail") or "").strip()
    lead = words.tail_leads.get(tail, lead) if tail else lead
    if lead == "around":
        low, high = max(0, clock.minutes - AROUND_MINUTES), min(_DAY_MINUTES - 1, clock.minutes + AROUND_MINUTES)
        return (*span, _clock_text(low), _clock_text(high), False, None)
    if lead == "after":
        return (*span, at, None, False, None)
    if lead == "before":
        return (*span, None, at if clock.minutes else "23:59", False, None)
    return (*span, at, at, True, None)


def _merge(found, said: str, words: TimeWords):
    """Join a part of the day and a clock time that stand together: "7 in the evening", "morning around 9"."""
    merged = []
    for one in found:
        previous = merged[-1] if merged else None
        if previous and re.fullmatch(words.merge_gap, said[previous[1] : one[0]]):
            clock, part = (previous, one) if one[5] else (one, previous)
            if clock[5] is None and part[5] is not None:
                merged[-1] = (previous[0], one[1], *clock[2:5], part[5])
                continue
        merged.append(one)
    return merged
