"""An offer: a journey at a price, and the short id it can be rebuilt from.

Made by `flights.schedule.search`, shown and sold by the assistant. The id reads as what it is:
`BER-FCO-20261127-AZ234-E` is AZ234 in economy, `...-BR` business at the refundable fare,
`TOS-OSL-LHR-20261127-SK1-BA2-E` changes planes in OSL, and `OUT+IN` is a round trip.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from flights import fares
from flights.inventory import Cabin, usual_seats
from flights.schedule.carriers import CABINS, LETTERS, carriers
from flights.schedule.places import airport, distance_km, size
from flights.schedule.routes import LONG_HAUL_KM
from flights.schedule.timetable import Leg, elapsed_minutes, rebuild

_ID = re.compile(r"((?:[A-Z]{3}-){2,6})(\d{8})((?:-[A-Z0-9]{2}\d{1,4}){1,5})-([EPBF])(R?)")


class UnknownOffer(LookupError):
    """No flight answers to an offer id; the message can be shown to the traveller."""


@dataclass(frozen=True)
class Offer:
    """A journey for one person one way, or a round trip when `inbound` is set.

    Times are aware and local to their airport; money is in cents; `next_day` counts the calendar days from
    departure to arrival; `seats_left` is the fewest of any leg. `price_cents` is for one person, one way;
    `total_cents` adds the way back.
    """

    id: str
    origin: str
    destination: str
    legs: tuple[Leg, ...]
    departs: datetime
    arrives: datetime
    duration_minutes: int
    stops: int
    next_day: int
    red_eye: bool
    carrier: str
    cabin: str
    price_cents: int
    currency: str
    refundable: bool
    change_fee_cents: int
    bags_included: int
    seats_left: int
    inbound: Offer | None = None

    @property
    def total_cents(self) -> int:
        return self.price_cents + (self.inbound.price_cents if self.inbound else 0)

    @property
    def via(self) -> tuple[str, ...]:
        """The airports where the traveller changes planes."""
        return tuple(leg.destination for leg in self.legs[:-1])

    @property
    def trip_type(self) -> str:
        return "round_trip" if self.inbound else "one_way"

    @property
    def departure_date(self) -> date:
        return self.departs.date()

    @property
    def return_date(self) -> date | None:
        return self.inbound.departs.date() if self.inbound else None

    @property
    def cabins(self) -> tuple[Cabin, ...]:
        """What a seat is needed in: one for each leg, both ways."""
        own = tuple(_seat(leg, self.cabin) for leg in self.legs)
        return own + (self.inbound.cabins if self.inbound else ())

    def as_dict(self) -> dict[str, object]:
        """Returns the offer in JSON's types; times in ISO 8601 with their offset."""
        found = {name: value for name, value in asdict(self).items() if name not in ("legs", "inbound")}
        found["legs"] = [
            asdict(leg) | {"departs": leg.departs.isoformat(), "arrives": leg.arrives.isoformat()} for leg in self.legs
        ]
        found |= {"departs": self.departs.isoformat(), "arrives": self.arrives.isoformat(), "via": list(self.via)}
        found |= {"total_cents": self.total_cents, "inbound": self.inbound.as_dict() if self.inbound else None}
        return found

    def with_inbound(self, inbound: Offer) -> Offer:
        """Returns the round trip of this offer and a way back."""
        return replace(self, id=f"{self.id}+{inbound.id}", inbound=inbound)


def cabins_of(leg: Leg) -> tuple[str, ...]:
    """Returns the cabins a flight has; first class and premium economy fly where they pay."""
    own = carriers()[leg.carrier]
    domestic = airport(leg.origin).country == airport(leg.destination).country == "US"
    offered = ["economy"]
    if "premium_economy" in own.cabins and (leg.distance_km > 3500 or domestic):
        offered.append("premium_economy")
    if "business" in own.cabins and own.kind != "regional":
        offered.append("business")
    if "first" in own.cabins and (leg.distance_km > 4500 or domestic):
        offered.append("first")
    return tuple(offered)


def journey_cabins(legs: tuple[Leg, ...]) -> tuple[str, ...]:
    """Returns the cabins a journey is sold in: those of its longest flight."""
    return cabins_of(max(legs, key=lambda leg: leg.distance_km))


def _seat(leg: Leg, cabin: str) -> Cabin:
    """The seat on one leg: the wanted cabin, or the best below it where the leg has none."""
    order = tuple(CABINS.values())
    below = [name for name in cabins_of(leg) if order.index(name) <= order.index(cabin)]
    return Cabin(
        flight_number=leg.flight_number,
        day=leg.departs.date(),
        origin=leg.origin,
        destination=leg.destination,
        cabin=below[-1],
        long_haul=leg.distance_km > LONG_HAUL_KM,
    )


def seats_of(legs: tuple[Leg, ...], cabin: str) -> tuple[Cabin, ...]:
    """Returns what a seat is needed in for this journey in this cabin, one for each leg."""
    return tuple(_seat(leg, cabin) for leg in legs)


def make_offer(
    legs: tuple[Leg, ...], *, cabin: str, refundable: bool, seats_left: dict[Cabin, int] | None = None
) -> Offer:
    """Returns the offer of a journey in a cabin, at the saver fare or the refundable one."""
    origin, destination = legs[0].origin, legs[-1].destination
    flights = tuple(leg.flight_number for leg in legs)
    red_eye = any(leg.red_eye for leg in legs)
    carrier = max(legs, key=lambda leg: leg.distance_km).carrier
    price = fares.fare(
        distance_km=distance_km(origin, destination),
        departs=legs[0].departs,
        flights=flights,
        cabin=cabin,
        refundable=refundable,
        low_cost=carriers()[carrier].low_cost,
        remote=min(size(origin), size(destination)) == 0,
        red_eye=red_eye,
    )
    needed = seats_of(legs, cabin)
    left = seats_left or {}
    airports = "-".join([origin, *(leg.destination for leg in legs)])
    fare_letter = LETTERS[cabin] + ("R" if refundable and cabin != "first" else "")
    return Offer(
        id=f"{airports}-{legs[0].departs:%Y%m%d}-{'-'.join(flights)}-{fare_letter}",
        origin=origin,
        destination=destination,
        legs=legs,
        departs=legs[0].departs,
        arrives=legs[-1].arrives,
        duration_minutes=elapsed_minutes(legs),
        stops=len(legs) - 1,
        next_day=(legs[-1].arrives.date() - legs[0].departs.date()).days,
        red_eye=red_eye,
        carrier=carrier,
        cabin=cabin,
        price_cents=price.price_cents,
        currency=price.currency,
        refundable=price.refundable,
        change_fee_cents=price.change_fee_cents,
        bags_included=price.bags_included,
        seats_left=min(left[seat] if seat in left else _usually_left(seat) for seat in needed),
    )


def _usually_left(cabin: Cabin) -> int:
    total, sold = usual_seats(cabin)
    return total - sold


def from_id(offer_id: str) -> Offer:
    """Rebuilds an offer, with the usual seats; raises `UnknownOffer` when no flight answers to the id."""
    out, plus, back = offer_id.partition("+")
    offer = _one_way(out)
    if not plus:
        return offer
    inbound = _one_way(back)
    if (inbound.origin, inbound.destination) != (offer.destination, offer.origin) or inbound.departs <= offer.arrives:
        raise UnknownOffer(f"{offer_id} is no round trip. Search again and choose one of the flights shown.")
    return offer.with_inbound(inbound)


def _one_way(offer_id: str) -> Offer:
    unknown = UnknownOffer(f"No flight is sold as {offer_id[:80]!r}. Search again and choose one of the flights shown.")
    match = _ID.fullmatch(offer_id)
    if not match:
        raise unknown
    codes, digits, numbers, letter, flexible = match.groups()
    try:
        day = datetime.strptime(digits, "%Y%m%d").date()
        legs = rebuild(tuple(codes.strip("-").split("-")), tuple(numbers.strip("-").split("-")), day)
    except (ValueError, LookupError) as error:
        raise unknown from error
    cabin = CABINS[letter]
    if not legs or cabin not in journey_cabins(legs) or (flexible and cabin == "first"):
        raise unknown
    return make_offer(legs, cabin=cabin, refundable=bool(flexible))
