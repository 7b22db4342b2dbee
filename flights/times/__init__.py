"""Times of day as travellers say them, to windows of departure times.

Place in the flow: NLU calls `find_times`; the words are in `languages/<code>/times.yml`, the reading of them in `find`.
"""

from flights.times.find import TimeMention, find_times
from flights.times.language import PARTS

__all__ = ["PARTS", "TimeMention", "find_times"]
