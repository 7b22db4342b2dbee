"""Times of day as travellers say them, to windows of departure times.

Place in the flow: NLU calls `find_times`; the words are in `english`, the reading of them in `find`.
"""

from flights.times.english import PARTS
from flights.times.find import TimeMention, find_times

__all__ = ["PARTS", "TimeMention", "find_times"]
