"""The flight supplier: a timetable between any two airports on any day, with fares and seats.

Nothing of it is stored but the seats that were sold: routes, times and prices are computed the same way in
every process, from `flights/data` and the day. `search` finds offers, `offer` rebuilds one from its id,
`flight_status` tells how a flight is doing.
"""

from flights.schedule.offers import Offer, UnknownOffer
from flights.schedule.search import Relaxation, Wish, offer, relax, search, warm
from flights.schedule.status import FlightStatus, UnknownFlight, flight_status
from flights.schedule.timetable import Leg

__all__ = [
    "FlightStatus",
    "Leg",
    "Offer",
    "Relaxation",
    "UnknownFlight",
    "UnknownOffer",
    "Wish",
    "flight_status",
    "offer",
    "relax",
    "search",
    "warm",
]
