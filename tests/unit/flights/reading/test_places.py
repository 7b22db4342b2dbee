"""Which place a sentence makes the origin, which the destination, and which it cannot settle."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest

from flights.reading import Context, Reading, Span, read

TODAY = date(2026, 11, 22)  # a Sunday
CITIES = {"Berlin": "BER", "Rome": "ROM", "London": "LON", "New York": "NYC", "Tokyo": "TYO", "Boston": "BOS"}


def told(text: str, **context) -> Reading:
    return read(text, Context(today=TODAY, **context))


def ends(reading: Reading) -> tuple[str | None, str | None]:
    return reading.values.get("origin"), reading.values.get("destination")


@pytest.mark.parametrize(("one", "other"), permutations(CITIES, 2))
@pytest.mark.parametrize(
    "sentence",
    [
        "from {0} to {1}",
        "to {1} from {0}",
        "{0} to {1}",
        "I want to fly to {1} from {0} next week",
        "flights between {0} and {1}",
        "{0} - {1}",
        "leaving {0}, going to {1}",
    ],
)
def test_two_cities_in_every_order(sentence: str, one: str, other: str) -> None:
    assert ends(told(sentence.format(one, other))) == (CITIES[one], CITIES[other])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I need to get to Madrid", (None, "MAD")),
        ("book me a flight to lisbon please", (None, "LIS")),
        ("we are flying out of Chicago", ("CHI", None)),
        ("I live in Vienna", ("VIE", None)),
        ("departing from JFK", ("JFK", None)),
        ("depart from Berlin, arrive in Paris", ("BER", "PAR")),
        ("a week in Barcelona from Hamburg", ("HAM", "BCN")),
        ("my mom is in Boston and I am in Seattle, take me there", ("SEA", "BOS")),
        ("I would like to visit Athens", (None, "ATH")),
        ("destination: Dublin", (None, "DUB")),
        ("origin: Oslo, destination: Helsinki", ("OSL", "HEL")),
        ("JFK to LAX", ("JFK", "LAX")),
        ("jfk -> lax", ("JFK", "LAX")),
        ("Berlin → Lisbon", ("BER", "LIS")),
        ("BER/LIS", ("BER", "LIS")),
        ("from NYC to SF", ("NYC", "SFO")),
        ("from the Big Apple to LA", ("NYC", "LAX")),
        ("from San Fransisco to Amsterdm", ("SFO", "AMS")),
        ("I'm in Munich and want to go to Rome", ("MUC", "ROM")),
        ("leaving for Denver", (None, "DEN")),
        ("to Heathrow", (None, "LHR")),
        ("from Mumbai to Delhi on Friday", ("BOM", "DEL")),
        ("hello there", (None, None)),
        ("two of us in economy", (None, None)),
    ],
)
def test_words_around_a_city_give_its_role(text: str, expected: tuple) -> None:
    assert ends(told(text, intent="search_flights")) == expected


@pytest.mark.parametrize(
    ("text", "asked", "known", "expected"),
    [
        ("Berlin", "origin", {}, ("BER", None)),
        ("Berlin", "destination", {}, (None, "BER")),
        ("Berlin", None, {}, (None, "BER")),
        ("Berlin", None, {"destination": "PAR"}, ("BER", None)),
        ("Paris please", "origin", {"destination": "LIS"}, ("PAR", None)),
        ("it's Warsaw", "destination", {}, (None, "WAW")),
        ("Boston, from Miami", "destination", {}, ("MIA", "BOS")),
        ("to Rome", "origin", {}, (None, "ROM")),
        ("from Rome", "destination", {}, ("ROM", None)),
        ("Toronto airport", "origin", {}, ("YTO", None)),
    ],
)
def test_a_bare_city_answers_the_question(text, asked, known, expected) -> None:
    assert ends(told(text, asked=asked, known=known, intent="inform")) == expected


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("no, Lisbon not Porto", {"destination": "OPO", "origin": "BER"}, (None, "LIS")),
        ("not Porto, Lisbon", {"destination": "OPO", "origin": "BER"}, (None, "LIS")),
        ("Lisbon instead of Porto", {"destination": "OPO", "origin": "BER"}, (None, "LIS")),
        ("from Hamburg, not Berlin", {"origin": "BER", "destination": "OPO"}, ("HAM", None)),
        ("Hamburg instead of Berlin", {"origin": "BER", "destination": "OPO"}, ("HAM", None)),
        ("sorry, to Madrid", {"origin": "BER", "destination": "OPO"}, (None, "MAD")),
        ("actually I leave from Munich", {"origin": "BER", "destination": "OPO"}, ("MUC", None)),
        ("from Porto to Berlin", {"origin": "BER", "destination": "OPO"}, ("OPO", "BER")),
        ("to Rome, no, to Milan", {}, (None, "MIL")),
        ("from Berlin, no wait, from Hamburg to Oslo", {}, ("HAM", "OSL")),
    ],
)
def test_a_correction_replaces_the_right_end(text, known, expected) -> None:
    assert ends(told(text, known=known, intent="inform")) == expected


@pytest.mark.parametrize(
    ("text", "known", "kept", "asked_again"),
    [
        ("from Berlin to Berlin", {}, "origin", "destination"),
        ("from JFK to LaGuardia", {}, "origin", "destination"),
        ("to Berlin", {"origin": "BER"}, "destination", "origin"),
        ("from Porto", {"destination": "OPO"}, "origin", "destination"),
    ],
)
def test_nobody_flies_to_where_they_are(text, known, kept, asked_again) -> None:
    reading = told(text, known=known, intent="inform")
    assert [(each.kind, each.slot) for each in reading.problems] == [("same_city", asked_again)]
    assert reading.values.get(kept)
    assert not reading.values.get(asked_again)
    if known:
        assert asked_again in reading.values, "the known end must be emptied"


def test_a_name_of_several_cities_is_asked_about() -> None:
    reading = told("from Portland to Chicago", intent="search_flights")
    assert ends(reading) == ("PDX", "CHI")
    choice = reading.values["place_choice"]
    assert choice["slot"] == "origin"
    assert {"PDX", "PWM"} <= set(choice["options"])


@pytest.mark.parametrize("text", ["Portland, Maine to Chicago", "from PWM to Chicago"])
def test_a_city_with_its_state_is_clear(text: str) -> None:
    reading = told(text)
    assert ends(reading) == ("PWM", "CHI")
    assert "place_choice" not in reading.values


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("Maine", "PWM"), ("the one in Maine", "PWM"), ("Oregon", "PDX"), ("in Oregon please", "PDX"),
        ("PWM", "PWM"), ("the first one", "PDX"), ("the second one", "PWM"), ("2", "PWM"), ("yes", "PDX"),
    ],
)  # fmt: skip
def test_which_portland(answer: str, code: str) -> None:
    choice = {"slot": "destination", "options": ["PDX", "PWM"], "name": "Portland"}
    known = {"destination": "PDX", "place_choice": choice}
    reading = told(answer, known=known, asked="place_choice", intent="inform")
    assert reading.values.get("destination", "PDX") == code
    assert reading.values["place_choice"]["done"] is True


def test_another_city_instead_of_either_portland() -> None:
    choice = {"slot": "destination", "options": ["PDX", "PWM"], "name": "Portland"}
    known = {"destination": "PDX", "place_choice": choice}
    assert told("Seattle", known=known, asked="place_choice", intent="inform").values["destination"] == "SEA"


@pytest.mark.parametrize("country", ["Italy", "Germany", "Brazil", "Spain", "the USA", "the US", "the UK"])
def test_a_country_is_asked_for_its_city(country: str) -> None:
    reading = told(f"I want to go to {country}", asked="destination", intent="search_flights")
    assert ends(reading) == (None, None)
    assert [each.kind for each in reading.problems] == ["which_city"]
    assert reading.problems[0].details["suggestions"]


@pytest.mark.parametrize(("text", "slot"), [("Xyzzyqua", "destination"), ("Qwrtplk", "origin")])
def test_an_unknown_place_is_told(text: str, slot: str) -> None:
    reading = told(text, asked=slot, intent="inform")
    assert [(each.kind, each.slot, each.details["name"]) for each in reading.problems] == [
        ("unknown_place", slot, text)
    ]
    assert reading.values == {}


def test_a_span_of_the_model_that_nobody_knows() -> None:
    spans = (Span(10, 18, "Xyzzyqua", "city", role="destination"),)
    reading = told("a trip to Xyzzyqua", spans=spans, intent="search_flights")
    assert [(each.kind, each.slot) for each in reading.problems] == [("unknown_place", "destination")]


def test_the_role_of_the_model_serves_where_words_are_silent() -> None:
    spans = (Span(0, 6, "Berlin", "city", role="origin"),)
    assert ends(told("Berlin would be my choice", spans=spans, intent="inform")) == ("BER", None)


@pytest.mark.parametrize("text", ["Nice. How are you?", "Nice!", "nice"])
def test_nice_is_no_city_when_it_is_praise(text: str) -> None:
    assert told(text).values == {}


def test_nice_is_a_city_when_asked_for_one() -> None:
    assert ends(told("Nice", asked="destination", intent="inform")) == (None, "NCE")


@pytest.mark.parametrize("intent", ["faq", "chitchat", "flight_status", "cancel_booking"])
def test_a_digression_names_no_destination(intent: str) -> None:
    assert told("is it warm in Lisbon and in Rome these days?", intent=intent).values == {}


@pytest.mark.parametrize(
    "text",
    ["swap them", "the other way round", "vice versa", "you got the cities backwards", "reverse the direction, please"],
)
def test_the_two_ends_change_places(text: str) -> None:
    reading = told(text, known={"origin": "BER", "destination": "ROM"}, asked="departure_date", intent="inform")
    assert ends(reading) == ("ROM", "BER")


def test_a_choice_among_places_goes_with_its_end() -> None:
    choice = {"slot": "destination", "options": ["PDX", "PWM"], "name": "Portland"}
    known = {"origin": "BER", "destination": "PDX", "place_choice": choice}
    reading = told("the other way round", known=known, asked="place_choice", intent="inform")
    assert ends(reading) == ("PDX", "BER")
    assert reading.values["place_choice"]["slot"] == "origin"


@pytest.mark.parametrize("text", ["swap them for a cheaper one", "switch to Friday", "turn it down"])
def test_other_swaps_leave_the_ends_alone(text: str) -> None:
    assert ends(told(text, known={"origin": "BER", "destination": "ROM"}, intent="inform")) == (None, None)


@pytest.mark.parametrize(("text", "language"), [("los EE. UU.", "es"), ("die USA", "de"), ("the USA", "en")])
def test_a_country_is_understood_as_a_bare_answer(text: str, language: str) -> None:
    reading = told(text, asked="destination", intent="inform", language=language)
    assert [each.kind for each in reading.problems] == ["which_city"]
    assert reading.values == {}


@pytest.mark.parametrize("text", ["los angelos", "las vegsa"])
def test_an_article_of_a_misspelt_name_is_kept(text: str) -> None:
    reading = told(text, asked="destination", intent="inform", language="es")
    assert reading.values["destination"] in ("LAX", "LAS")


@pytest.mark.parametrize("country", ["Jordan", "Peru", "Lebanon"])
@pytest.mark.parametrize("sentence", ["to {}", "{}", "I want to go to {}"])
def test_a_country_is_no_small_town_of_its_name(country: str, sentence: str) -> None:
    reading = told(sentence.format(country), asked="destination", intent="inform")
    assert [(each.kind, each.details["name"]) for each in reading.problems] == [("which_city", country)]


def test_a_town_called_like_a_country_is_found_with_its_region() -> None:
    assert told("to Lebanon, New Hampshire", asked="destination", intent="inform").values["destination"] == "LEB"
