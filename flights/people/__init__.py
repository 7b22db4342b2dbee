"""How many people fly, as travellers say it.

Place in the flow: NLU calls `find_passengers`; the words are in `languages/<code>/people.yml`, the reading of them in
`find`.
"""

from flights.people.find import PassengerMention, find_passengers

__all__ = ["PassengerMention", "find_passengers"]
