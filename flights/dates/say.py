"""Says a date, and knows what day it is where the traveller is.

Place in the flow: actions ask `today_in` for the traveller's today and put `say_date` into replies.
"""

from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

from flights.dates.almanac import add_months
from flights.phrases import spoken_date

_MONTHS_WITHOUT_YEAR = 11


def today_in(timezone_name: str, *, now: datetime | None = None) -> date:
    """The date in a time zone such as `America/New_York`. `now` must know its own zone.

    Raises ValueError for an unknown zone or a `now` without a zone.
    """
    now = now or datetime.now(timezone.utc)
    if now.tzinfo is None:
        raise ValueError("`now` has no time zone. Pass an aware datetime, for example datetime.now(timezone.utc).")
    try:
        zone = ZoneInfo(timezone_name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(
            f"Unknown time zone {timezone_name!r}. Use a name of the IANA database, such as Europe/Berlin."
        ) from error
    return now.astimezone(zone).date()


def say_date(day: date, *, today: date | None = None, locale: str = "en") -> str:
    """Say a date as "Friday, March 8"; the year is added unless the date is within 11 months of today."""
    near = today and add_months(today, -_MONTHS_WITHOUT_YEAR) <= day <= add_months(today, _MONTHS_WITHOUT_YEAR)
    return spoken_date(day, with_year=not near, locale=locale)
