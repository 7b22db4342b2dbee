"""Times of flights: minutes counted by hand agree with the time zone database, on days when clocks change too."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from flights.airports import airport
from flights.schedule.timetable import Departure, block_minutes, flight, leg

PAIRS = [("BER", "JFK"), ("JFK", "BER"), ("SYD", "AKL"), ("LHR", "SIN"), ("GRU", "CDG"), ("HNL", "LAX"), ("DEL", "IST")]
DAYS = [
    *(date(2027, 3, day) for day in (13, 14, 15, 27, 28, 29)),  # clocks change in America, in Europe
    *(date(2027, 4, day) for day in (3, 4, 5)),  # in Australia and New Zealand
    *(date(2027, 10, day) for day in (2, 3, 30, 31)),
    *(date(2027, 11, day) for day in (6, 7, 8)),
    date(2027, 7, 1),
]
MINUTES = [0, 90, 125, 150, 180, 719, 1320, 1435]  # two of them are skipped or said twice in the night of a change


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_times_are_those_of_the_time_zones(pair):
    here, there = (ZoneInfo(airport(code).timezone) for code in pair)
    for day in DAYS:
        for minute in MINUTES:
            departure = Departure("XX1", minute, tuple(range(7)))
            departs = datetime.combine(day, time(*divmod(minute, 60)), tzinfo=here)
            lands = departs.astimezone(timezone.utc) + timedelta(minutes=block_minutes(*pair))
            found = leg(departure, *pair, day)
            assert (found.departs, found.arrives) == (departs, lands.astimezone(there))
            assert (found.arrives.hour, found.arrives.utcoffset()) == (
                lands.astimezone(there).hour,
                lands.astimezone(there).utcoffset(),
            )
            counted = flight(departure, *pair, day.toordinal())
            assert counted.lands - counted.leaves == block_minutes(*pair)
            assert counted.lands_local % 1440 == found.arrives.hour * 60 + found.arrives.minute
