"""From a date phrase to dates: one small function per kind of phrase, no words of any language.

Place in the flow: `scan.py` names the kind and the parts, `find.py` calls `resolve` with what is known.
Reads the calendar in `almanac.py`; raises nothing to callers: an impossible date (30 February) resolves to None.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from flights.dates import almanac
from flights.dates.scan import Phrase

WEEKEND_MONTHS_TRIED = 3
# "upcoming" is the next day, but the week after this: "kommenden Freitag", "kommende Woche".
_WEEKS = {"this": 0, "coming": 0, "next": 1, "upcoming": 1, "following": 1, "after_next": 2, "last": -1}
_WEEK_PARTS = {"early": (0, 2), "mid": (1, 3), "late": (4, 6)}  # days of the week
_MONTH_PARTS = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}  # days of the month


@dataclass(frozen=True)
class Known:
    """What a phrase is read against: today, and the departure when the phrase is about the return."""

    today: date
    after: date | None = None
    day_first: bool = False

    @property
    def base(self) -> date:
        """The day from which dates without a year are counted."""
        return max(self.today, self.after) if self.after else self.today


@dataclass(frozen=True)
class Value:
    """The dates of a phrase; `last` is None for a single day."""

    first: date
    last: date | None = None
    grain: str = "day"
    past: bool = False


def resolve(phrase: Phrase, known: Known) -> Value | None:
    """Resolve a phrase, or None when there is no such date or the departure it needs is not known."""
    try:
        return RESOLVERS[phrase.kind](phrase.values, known)
    except (ValueError, OverflowError):
        return None


def _day(day: date, known: Known) -> Value:
    return Value(day, past=day < known.today)


def _period(first: date, last: date, grain: str, known: Known) -> Value:
    past = last < known.today
    return Value(first if past else max(first, known.today), last, grain, past)


def shifted(day: date, number: int, unit: tuple[int, int]) -> date:
    """`number` units of (days, months) after `day`."""
    days, months = unit
    return almanac.add_months(day, number * months) + timedelta(days=number * days)


def _word(values, known):
    return _day(_plus(known.today + timedelta(days=values["word"]), values), known)


def _iso(values, known):
    return _day(date(int(values["yyyy"]), int(values["mm"]), int(values["dd"])), known)


def _numeric(values, known):
    month, day = int(values["one"]), int(values["two"])
    if (known.day_first and day <= 12) or month > 12:
        month, day = day, month
    return _month_and_day(month, day, _full_year(values.get("yy")), known)


def _dotted(values, known):
    return _month_and_day(int(values["mm"]), int(values["dd"]), _full_year(values.get("yy")), known)


def _full_year(text: str | None) -> int | None:
    return None if text is None else int(text) + (2000 if len(text) == 2 else 0)


def _month_and_day(month: int, day: int, year: int | None, known: Known) -> Value:
    if year:
        return _day(date(year, month, day), known)
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        raise ValueError(f"No day {day} of month {month}.")
    return Value(almanac.next_month_day(month, day, known.base))


def _named_day(values, known):
    return _month_and_day(values["month"], values["day"], values.get("year"), known)


def _month_days(values, known):
    first = _month_and_day(values["month"], values["day"], values.get("year"), known).first
    last = almanac.next_month_day(values["month"], values["day2"], first)
    if (last - first).days > 31:
        raise ValueError("A range of days within one month ends after it begins.")
    return Value(first, last, "range", past=last < known.today)


def _bare_day(values, known):
    day = values["ord"] if "ord" in values else values["day"]
    days = almanac.days_of_month(day, known.base, 12)
    if not days:
        raise ValueError(f"No month has a day {day}.")
    weekday = values.get("weekday")
    near = almanac.days_of_month(day, known.base, WEEKEND_MONTHS_TRIED)
    fitting = [one for one in near if one.weekday() == weekday]
    return Value((fitting or days)[0])


def _weekday_day(values, known):
    near = almanac.days_of_month(values["ord"], known.base, WEEKEND_MONTHS_TRIED)
    fitting = [one for one in near if one.weekday() == values["weekday"]]
    return Value(fitting[0]) if fitting else _weekday({"weekday": values["weekday"]}, known)


def _bare_days(values, known):
    first = _day_of_month(values, known).first if "mod" in values else _bare_day(values, known).first
    days = almanac.days_of_month(values["ord2"], first, 12)
    if not days:
        raise ValueError(f"No month has a day {values['ord2']}.")
    return Value(first, days[0], "range", past=days[0] < known.today)


def _day_of_month(values, known):
    if "mod" not in values:
        return _bare_day(values, known)
    start = almanac.add_months(known.today.replace(day=1), _WEEKS[values["mod"]])
    return _day(start.replace(day=values["ord"]), known)


def _weekday(values, known):
    weekday, mod, today = values["weekday"], values.get("mod"), known.today
    if "week" in values:
        return _day(almanac.monday_of(today) + timedelta(days=7 * _WEEKS[values["week"]] + weekday), known)
    if mod == "last":
        return _day(almanac.next_weekday(weekday, today - timedelta(days=8)), known)
    if mod == "this":
        day = almanac.next_weekday(weekday, today, same_day=True)
    elif mod == "next":
        day = almanac.monday_of(today) + timedelta(days=7 + weekday)
    elif mod == "after_next":
        day = almanac.monday_of(today) + timedelta(days=14 + weekday)
    else:
        day = almanac.next_weekday(weekday, known.base)
    if known.after and day <= known.after:
        day = almanac.next_weekday(weekday, known.after)
    return Value(_plus(day, values))


def _plus(day: date, values: dict) -> date:
    """What follows the day moves it: by a week ("Friday week"), or by as much as it says."""
    return shifted(day, values.get("num", 1), values.get("unit", (7, 0))) if "plus" in values else day


def _week(values, known):
    weeks = 2 if "after_next" in values else _WEEKS[values.get("mod", "this")]
    monday = almanac.monday_of(known.today) + timedelta(days=7 * weeks)
    early, late = _WEEK_PARTS.get(values.get("part"), (0, 6))
    return _period(monday + timedelta(days=early), monday + timedelta(days=late), "week", known)


def _week_number(values, known):
    number, year = values["num"], values.get("year", known.base.year)
    monday = date.fromisocalendar(year, number, 1)
    if "year" not in values and monday + timedelta(days=6) < known.base:
        monday = date.fromisocalendar(year + 1, number, 1)
    return _period(monday, monday + timedelta(days=6), "week", known)


def _weekend(values, known):
    weeks = 2 if "after_next" in values else _WEEKS[values.get("mod", "this")]
    saturday = almanac.monday_of(known.today) + timedelta(days=5 + 7 * weeks)
    if known.after and "mod" not in values and saturday + timedelta(days=1) < known.after:
        saturday = almanac.next_weekday(5, known.after, same_day=True)
    return _period(saturday, saturday + timedelta(days=1), "weekend", known)


def _month_span(start: date, part: str | None, known: Known) -> Value:
    early, late = _MONTH_PARTS.get(part, (1, 31))
    last = min(late, almanac.month_end(start).day)
    return _period(start.replace(day=early), start.replace(day=last), "month", known)


def _month(values, known):
    month = values["month"] if "month" in values else values["fullmonth"]
    part = values.get("part")
    if "year" in values:
        return _month_span(date(values["year"], month, 1), part, known)
    value = _month_span(known.base.replace(month=month, day=1), part, known)
    if value.last < known.base:
        value = _month_span(date(known.base.year + 1, month, 1), part, known)
    return value


def _month_relative(values, known):
    months = _WEEKS[values["mod"]] if "mod" in values else 0
    start = almanac.add_months(known.today.replace(day=1), months)
    return _month_span(start, values.get("part"), known)


def _offset(values, known):
    number = -values["num"] if "ago" in values else values["num"]
    day = shifted(known.today, number, values["unit"])
    if known.after and number > 0 and day <= known.after:
        day = shifted(known.after, number, values["unit"])
    return _day(day, known)


def _nth_weekday(values, known):
    start = known.base.replace(day=1)
    if "month" in values:
        start = start.replace(month=values["month"], year=values.get("year", start.year))
    elif "mod" in values:
        start = almanac.add_months(known.today.replace(day=1), _WEEKS[values["mod"]])
    value = _nth_of(values, start, known)
    if (value.last or value.first) < known.base and "month" in values and "year" not in values:
        value = _nth_of(values, start.replace(year=start.year + 1), known)
    return value


def _nth_of(values, start: date, known: Known) -> Value:
    nth = values["nth"]
    if "week" in values:
        first = start + timedelta(days=7 * (nth - 1)) if nth > 0 else almanac.month_end(start) - timedelta(days=6)
        return _period(first, first + timedelta(days=6), "week", known)
    day = almanac.nth_weekday(nth, values.get("weekday", 5), start.year, start.month)
    return _day(day, known) if "weekday" in values else _period(day, day + timedelta(days=1), "weekend", known)


def _holiday(values, known):
    key = values.get("holiday", "independence_day")
    if "year" in values:
        return _day(almanac.HOLIDAYS[key](values["year"]), known)
    return Value(almanac.next_holiday(key, known.base))


def _sequel(values, known):
    if known.after is None:
        return None
    if "sequel" in values:
        return _day(known.after + timedelta(days=values["sequel"]), known)
    return _day(shifted(known.after, values.get("num", 1), values["unit"]), known)


RESOLVERS: dict[str, Callable[[dict, Known], Value | None]] = {
    "word": _word, "iso": _iso, "numeric": _numeric, "dotted": _dotted, "month_day": _named_day,
    "day_month": _named_day, "month_days": _month_days, "bare_days": _bare_days, "day_of_month": _day_of_month,
    "bare_day": _bare_day, "weekday_day": _weekday_day, "weekday": _weekday, "week": _week,
    "week_number": _week_number, "weekend": _weekend,
    "month": _month, "month_relative": _month_relative, "offset": _offset, "nth_weekday": _nth_weekday,
    "holiday": _holiday, "sequel": _sequel,
}  # fmt: skip
