"""Dates as travellers say them, to dates.

Place in the flow: NLU and the forms call `find_dates` with the traveller's today; replies use `say_date`.
Inside, in order: `scan` (words of `languages/<code>/dates.yml`, compiled by `language`) → `resolve` (calendar of
`almanac`) → `find` (ranges, `roles`, stays), with `library` behind the grammar. Reads no clock and no setting.
"""

from flights.dates.find import DateMention, StayMention, find_dates, find_stay, warm
from flights.dates.say import say_date, today_in

__all__ = ["DateMention", "StayMention", "find_dates", "find_stay", "say_date", "today_in", "warm"]
