"""Loads the places of the world and indexes their names.

Reads `airportsdata` (every IATA airport) and the curated files of `flights/data`: `airports.csv` (airports with airline
traffic, size 1 = world hub ... 5 = small; the order of the file is the order of importance), `metros.csv`,
`aliases.csv` (nicknames, local and foreign names), `countries.csv`, `regions.csv` and `words.csv` (ordinary words that
are also names of places). Nothing is read before the first call of `gazetteer()`.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

import airportsdata

from flights.phrases import country
from flights.places.text import fold, spellings
from flights.places.words import by_language

DATA = Path(__file__).parents[1] / "data"
UNRANKED = 6
SAME_CITY_KM = 120
_ON_REQUEST = {"QLA", "QSF"}  # areas that only their own name means: "Los Angeles" alone is LAX
_REGION_LABEL_COUNTRIES = {"US", "CA", "AU"}
_GENERIC = {"international", "airport", "regional", "municipal", "airfield", "aerodrome", "county", "field"}


@dataclass(frozen=True)
class Airport:
    """One airport: IATA code, names, ISO country code, degrees, IANA time zone."""

    code: str
    name: str
    city: str
    region: str
    country: str
    latitude: float
    longitude: float
    timezone: str


@dataclass(frozen=True)
class Place:
    """Somewhere to fly to: an airport or a metropolitan area of several.

    `rank` is the size: 1 (world hub) to 5 (small), 6 without known airline traffic. `country` is an ISO code;
    `qualifier` is the region or country that tells it from others of that name, empty when none is needed.
    """

    code: str
    name: str
    country: str
    airports: tuple[str, ...]
    rank: int
    qualifier: str = ""

    @property
    def label(self) -> str:
        """The name to show: "Berlin (BER)", "Portland, Oregon (PDX)", "New York (all airports)"."""
        name = f"{self.name}, {self.qualifier}" if self.qualifier else self.name
        return f"{name} (all airports)" if len(self.airports) > 1 else f"{name} ({self.code})"


@dataclass(frozen=True)
class Area:
    """A country or a region of it, as in "Portland, Oregon" or "somewhere in Italy"."""

    name: str
    country: str
    region: str = ""


def rows(name: str) -> Iterator[dict[str, str]]:
    """Yields the rows of a curated CSV file of `flights/data`."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def great_circle_km(a: Airport, b: Airport) -> float:
    """Great-circle distance in kilometres."""
    lat_a, lat_b = radians(a.latitude), radians(b.latitude)
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin(radians(b.longitude - a.longitude) / 2) ** 2
    return 2 * 6371.0088 * asin(sqrt(half))


def _name_parts(text: str) -> set[str]:
    """Names in a raw city field: "Wilkes-Barre/Scranton" -> both, "Bandung, Java Island" -> Bandung."""
    text = re.sub(r"\(.*?\)", " ", text)
    parts = {text, *re.split(r"/| - ", text)}
    return {part.split(",")[0].strip() for part in parts}


class Gazetteer:
    """Every place with its names; build it once with `gazetteer()`.

    `names` maps a folded name to codes, most important first; `aliases` holds the curated ones, which win over `names`;
    `areas` maps folded names of countries and regions; `words` maps an ordinary word to its rule in a sentence.
    """

    def __init__(self) -> None:
        ranked = {row["code"]: row for row in rows("airports.csv")}
        self.order: dict[str, int] = {code: i for i, code in enumerate(ranked)}
        self.countries: dict[str, str] = {}
        self.areas: dict[str, list[Area]] = defaultdict(list)
        self.area_codes: set[str] = set()
        self._load_areas()
        self.airports: dict[str, Airport] = {}
        self.places: dict[str, Place] = {}
        names: dict[str, list[str]] = defaultdict(list)
        self.city_keys: set[str] = set()
        for code, raw in airportsdata.load("IATA").items():
            self._add_airport(code, raw, ranked.get(code), names)
        self.metro_of: dict[str, str] = {}
        for row in rows("metros.csv"):
            codes = tuple(row["airports"].split(";"))
            self.order[row["code"]] = min(self.order[code] for code in codes)
            rank = min(self.places[code].rank for code in codes)
            names[fold(row["name"])].insert(0, row["code"])
            self.metro_of.update({code: row["code"] for code in codes if row["code"] not in _ON_REQUEST})
            self.places[row["code"]] = Place(row["code"], row["name"], row["country"], codes, rank)
        self.aliases = {
            key: tuple(row["codes"].split(";")) for row in rows("aliases.csv") for key in spellings(row["name"])
        }
        self.local_names: set[str] = set()  # understood as they are written, never guessed
        self.names: dict[str, tuple[str, ...]] = {key: self.ordered(codes) for key, codes in names.items()}
        self._add_local_names()
        self._join_words()
        self._qualify()
        self.words = {fold(row["word"]): row["rule"] for row in rows("words.csv")}
        self.longest: dict[str, int] = {}
        for key in [*self.names, *self.aliases, *self.areas]:
            words = key.split()
            self.longest[words[0]] = max(len(words), self.longest.get(words[0], 0))

    def _load_areas(self) -> None:
        for row in rows("countries.csv"):
            self.countries[row["code"]] = row["name"]
            area = Area(row["name"], row["code"])
            for name in [row["name"], *row["aliases"].split(";")]:
                for key in spellings(name):
                    self.areas[key].append(area)
        for row in rows("regions.csv"):
            area = Area(row["name"], row["country"], row["name"])
            for name in [row["name"], row["code"], *row["aliases"].split(";")]:
                for key in spellings(name):
                    self.areas[key].append(area)
            self.area_codes.add(fold(row["code"]))

    def _add_airport(self, code: str, raw: dict, row: dict[str, str] | None, names: dict[str, list[str]]) -> None:
        bare = " ".join(word for word in raw["name"].split() if word.lower() not in _GENERIC) or raw["name"]
        city = row["city"] if row else re.split(r"[,/]", raw["city"] or bare)[0].strip()
        self.airports[code] = Airport(
            code, raw["name"], city, raw["subd"], raw["country"], raw["lat"], raw["lon"], raw["tz"]
        )
        shown = row["name"] or city if row else city
        rank = int(row["size"]) if row else UNRANKED
        self.places[code] = Place(code, shown, raw["country"], (code,), rank)
        cities = {city, shown, *_name_parts(raw["city"])}
        for name in {*cities, raw["name"], *([bare] if " " in bare else [])}:
            for key in spellings(name):
                names[key].append(code)
        self.city_keys.update(key for name in cities for key in spellings(name))

    def _add_local_names(self) -> None:
        """The names of `languages/<code>/places.yml`, where they are not already those of another place."""
        for language, local in by_language().items():
            named = [*((name, code) for code, name in local.names.items()), *local.also.items()]
            for name, code in named:
                if code not in self.places:
                    raise ValueError(f"languages/{language}/places.yml: no place has the code {code!r} ({name}).")
                for key in spellings(name):
                    if key not in self.aliases and key not in self.names:
                        self.aliases[key] = (code,)
                        self.local_names.add(key)
            lands = {code: country(code, language) for code in self.countries}
            named = [(name, code) for code, name in {**lands, **local.countries}.items() if name]
            for name, code in (*named, *local.country_names.items()):
                for key in spellings(name):
                    if key not in self.areas and key not in self.names and key not in self.aliases:
                        self.areas[key].append(Area(self.countries[code], code))

    def _join_words(self) -> None:
        """Adds "sanfrancisco" for "san francisco": blanks get lost in chats."""
        for key, codes in list(self.names.items()):
            if " " in key and key in self.city_keys and self.places[codes[0]].rank < UNRANKED:
                self.names.setdefault(key.replace(" ", ""), codes)
                self.city_keys.add(key.replace(" ", ""))

    def _qualify(self) -> None:
        shared: dict[str, list[Place]] = defaultdict(list)
        for place in self.places.values():
            shared[fold(place.name)].append(place)
        for group in shared.values():
            for place in group:
                near = min(place.rank + 2, 5)
                rivals = [p for p in group if p.rank <= near and not self.same_city(p.code, place.code)]
                if rivals and len(place.airports) == 1:
                    self.places[place.code] = Place(
                        place.code, place.name, place.country, place.airports, place.rank, self._qualifier(place.code)
                    )

    def _qualifier(self, code: str) -> str:
        airport = self.airports[code]
        if airport.country in _REGION_LABEL_COUNTRIES and airport.region:
            return airport.region
        return self.countries.get(airport.country, airport.country)

    def ordered(self, codes: Iterable[str]) -> tuple[str, ...]:
        """The codes without repetition, most important first, an area before its airports."""
        last = len(self.order)
        unique = dict.fromkeys(codes)
        return tuple(sorted(unique, key=lambda c: (self.order.get(c, last), -len(self.places[c].airports))))

    def same_city(self, a: str, b: str) -> bool:
        """True when two places share an airport, an area, or are less than 120 km apart with one city name."""
        place_a, place_b = self.places[a], self.places[b]
        if set(place_a.airports) & set(place_b.airports):
            return True
        if self.metro_of.get(a, a) == self.metro_of.get(b, b):
            return True
        first, second = self.airports[place_a.airports[0]], self.airports[place_b.airports[0]]
        return fold(first.city) == fold(second.city) and great_circle_km(first, second) <= SAME_CITY_KM

    def lies_in(self, code: str, area: Area) -> bool:
        """True when one of the place's airports lies in the area."""
        airports = (self.airports[a] for a in self.places[code].airports)
        return any(a.country == area.country and area.region in ("", a.region) for a in airports)

    @lru_cache(maxsize=512)  # noqa: B019  one gazetteer per process
    def of_area(self, area: Area, limit: int = 6) -> tuple[str, ...]:
        """Its most important places, an area of several airports instead of the airports; empty when none is ranked."""
        found: dict[str, None] = {}
        for code in self.order:
            if code in self.airports and code not in _ON_REQUEST and self.lies_in(code, area):
                found[self.metro_of.get(code, code)] = None
        return self.ordered(found)[:limit]


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The gazetteer, read on the first call (about 0.3 seconds), then kept."""
    return Gazetteer()
