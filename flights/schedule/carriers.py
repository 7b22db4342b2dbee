"""Who flies: carriers with their hubs, reach and cabins; the regions of the world.

Read once from `flights/data/carriers.csv` and `supply_regions.csv`, when first asked. Routes are built from it.
The networks (the airline alliances) say whose flights may be combined in one journey.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parent.parent / "data"
CABINS = {"E": "economy", "P": "premium_economy", "B": "business", "F": "first"}
LETTERS = {cabin: letter for letter, cabin in CABINS.items()}


@dataclass(frozen=True, eq=False)  # there is one of each: told apart, and hashed, as objects
class Carrier:
    """An airline as the timetable sees it; hubs by importance, `regions` empty when it flies everywhere."""

    code: str
    country: str
    network: str
    kind: str
    reach_km: int
    cabins: tuple[str, ...]
    regions: frozenset[str]
    hubs: tuple[str, ...]

    @property
    def low_cost(self) -> bool:
        return self.kind in ("low", "point")

    @property
    def connects(self) -> bool:
        """Tells whether it sells journeys with a change of planes at its hubs; some fly from point to point only."""
        return self.kind != "point"

    def flies_to(self, country: str) -> bool:
        return not self.regions or region(country) in self.regions

    def partner(self, other: Carrier) -> bool:
        """Tells whether the flights of both are sold as one journey."""
        return self.code == other.code or bool(self.network and self.network == other.network)


@lru_cache(maxsize=1)
def carriers() -> dict[str, Carrier]:
    """Returns every carrier by its IATA code."""
    with (DATA / "carriers.csv").open(encoding="utf-8", newline="") as lines:
        return {row["code"]: _carrier(row) for row in csv.DictReader(lines)}


def _carrier(row: dict[str, str]) -> Carrier:
    regions = frozenset() if row["regions"] == "*" else frozenset(row["regions"].split())
    return Carrier(
        code=row["code"],
        country=row["country"],
        network=row["network"],
        kind=row["kind"],
        reach_km=int(row["reach_km"]),
        cabins=tuple(CABINS[letter] for letter in row["cabins"]),
        regions=regions,
        hubs=tuple(row["hubs"].split()),
    )


@lru_cache(maxsize=1)
def _regions() -> dict[str, str]:
    with (DATA / "supply_regions.csv").open(encoding="utf-8", newline="") as lines:
        return {country: row["region"] for row in csv.DictReader(lines) for country in row["countries"].split()}


def region(country: str) -> str:
    """Returns the region, such as `EUR`, of a country by its two letters."""
    return _regions().get(country, "OCE")


@lru_cache(maxsize=1)
def hubs() -> dict[str, tuple[Carrier, ...]]:
    """Returns the carriers at home in each hub airport."""
    found: dict[str, list[Carrier]] = {}
    for carrier in carriers().values():
        for hub in carrier.hubs:
            found.setdefault(hub, []).append(carrier)
    return {hub: tuple(at_home) for hub, at_home in found.items()}
