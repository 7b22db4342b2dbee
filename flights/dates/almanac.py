"""Calendar arithmetic: weekdays, months and holidays, without any words.

Place in the flow: `resolve.py` calls it. Weeks start on Monday; weekdays count from Monday = 0.
"""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

YEARS_AHEAD = 9  # far enough for the next 29 February


def monday_of(day: date) -> date:
    """The Monday of the calendar week of `day`."""
    return day - timedelta(days=day.weekday())


def next_weekday(weekday: int, after: date, *, same_day: bool = False) -> date:
    """The first such weekday after `after`, or that very day if `same_day`."""
    days = (weekday - after.weekday()) % 7
    return after + timedelta(days=days if days or same_day else 7)


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    """The last day of the month of `day`."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def next_month_day(month: int, day: int, base: date) -> date:
    """The first `day` of `month` on or after `base`. Raises ValueError if no year has it."""
    for year in range(base.year, base.year + YEARS_AHEAD):
        if day <= monthrange(year, month)[1] and date(year, month, day) >= base:
            return date(year, month, day)
    raise ValueError(f"Month {month} has no day {day}.")


def days_of_month(day: int, base: date, months: int) -> list[date]:
    """Every such day of the month on or after `base`, in the given number of months. Unknown days give none."""
    first = base.replace(day=1)
    starts = [add_months(first, i) for i in range(months)]
    found = [start.replace(day=day) for start in starts if 1 <= day <= month_end(start).day]
    return [one for one in found if one >= base]


def nth_weekday(nth: int, weekday: int, year: int, month: int) -> date:
    """The nth such weekday of a month, -1 being the last. Raises ValueError if there is no such day."""
    if nth < 0:
        last = month_end(date(year, month, 1))
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    return date(year, month, 1 + (weekday - date(year, month, 1).weekday()) % 7 + 7 * (nth - 1))


def easter_sunday(year: int) -> date:
    """Easter Sunday of the western churches (Gauss, with the corrections of 1816)."""
    century, golden = year // 100, year % 19
    moon = (15 - (13 + 8 * century) // 25 + century - century // 4) % 30
    epact = (19 * golden + moon) % 30
    epact -= epact // 28 * (1 - epact // 28 * (29 // (epact + 1)) * ((21 - golden) // 11))
    sunday = (year + year // 4 + epact + 2 - century + century // 4) % 7
    days = epact - sunday
    month = 3 + (days + 40) // 44
    return date(year, month, days + 28 - 31 * (month // 4))


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _easter(days: int) -> Callable[[int], date]:
    return lambda year: easter_sunday(year) + timedelta(days=days)


def _nth(nth: int, weekday: int, month: int, days: int = 0) -> Callable[[int], date]:
    return lambda year: nth_weekday(nth, weekday, year, month) + timedelta(days=days)


def _advent(nth: int) -> Callable[[int], date]:
    return lambda year: monday_of(date(year, 12, 25)) - timedelta(days=1 + 7 * (4 - nth))


HOLIDAYS: dict[str, Callable[[int], date]] = {
    "christmas_eve": _fixed(12, 24),
    "christmas_day": _fixed(12, 25),
    "boxing_day": _fixed(12, 26),
    "new_years_eve": _fixed(12, 31),
    "new_years_day": _fixed(1, 1),
    "epiphany": _fixed(1, 6),
    "valentines_day": _fixed(2, 14),
    "st_patricks_day": _fixed(3, 17),
    "palm_sunday": _easter(-7),
    "maundy_thursday": _easter(-3),
    "good_friday": _easter(-2),
    "holy_saturday": _easter(-1),
    "easter_sunday": _easter(0),
    "easter_monday": _easter(1),
    "may_day": _fixed(5, 1),
    "memorial_day": _nth(-1, 0, 5),
    "independence_day": _fixed(7, 4),
    "labor_day": _nth(1, 0, 9),
    "columbus_day": _fixed(10, 12),
    "halloween": _fixed(10, 31),
    "all_saints": _fixed(11, 1),
    "all_souls": _fixed(11, 2),
    "veterans_day": _fixed(11, 11),
    "thanksgiving": _nth(4, 3, 11),
    "black_friday": _nth(4, 3, 11, days=1),
    "carnival_monday": _easter(-48),
    "shrove_tuesday": _easter(-47),
    "ash_wednesday": _easter(-46),
    "mothers_day": _nth(2, 6, 5),
    "ascension_day": _easter(39),
    "whit_sunday": _easter(49),
    "whit_monday": _easter(50),
    "corpus_christi": _easter(60),
    "german_unity_day": _fixed(10, 3),
    "st_nicholas_day": _fixed(12, 6),
    "first_advent": _advent(1),
    "second_advent": _advent(2),
    "third_advent": _advent(3),
    "fourth_advent": _advent(4),
}


def next_holiday(key: str, base: date) -> date:
    """The first such holiday on or after `base`."""
    this_year = HOLIDAYS[key](base.year)
    return this_year if this_year >= base else HOLIDAYS[key](base.year + 1)
