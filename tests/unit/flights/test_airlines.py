"""Airlines: codes, and names in sentences."""

import pytest

from flights.airlines import UnknownAirline, airline, airlines, find_airlines

FOUND = [
    # said, (words, code) ...
    ("on delta please", [("delta", "DL")]),
    ("Delta", [("Delta", "DL")]),
    ("delta airlines", [("delta airlines", "DL")]),
    ("I want to fly united to Denver", [("united", "UA")]),
    ("UNITED TO DENVER", [("UNITED", "UA")]),
    ("BA or LH", [("BA", "BA"), ("LH", "LH")]),
    ("american airlines", [("american airlines", "AA")]),
    ("on american", [("american", "AA")]),
    ("I prefer American", [("American", "AA")]),
    ("American", [("American", "AA")]),
    ("alaska airlines to seattle", [("alaska airlines", "AS")]),
    ("not alaska", [("alaska", "AS")]),
    ("not spirit or frontier", [("spirit", "NK"), ("frontier", "F9")]),
    ("any southwest flights", [("southwest", "WN")]),
    ("ryan air", [("ryan air", "FR")]),
    ("Lufthansa", [("Lufthansa", "LH")]),
    ("Lufthanza would be nice", [("Lufthanza", "LH")]),
    ("britsh airways", [("britsh airways", "BA")]),
    ("with emiratess", [("emiratess", "EK")]),
    ("with swiss", [("swiss", "LX")]),
    ("air france and klm", [("air france", "AF"), ("klm", "KL")]),
    ("Portland, ME on AA", [("AA", "AA")]),
    ("spring airlines", [("spring airlines", "9C")]),
    ("Turkish airlines", [("Turkish airlines", "TK")]),
    ("quantas", [("quantas", "QF")]),
    ("easy jet to malaga", [("easy jet", "U2")]),
    ("singapore airlines to singapore", [("singapore airlines", "SQ")]),
    ("mit Lufthansa nach Berlin", [("Lufthansa", "LH")]),
    ("con Iberia a Madrid", [("Iberia", "IB")]),
    ("quiero volar a EE. UU.", []),
    ("con UU a Saint Denis", [("UU", "UU")]),
    ("Delta, American and JetBlue", [("Delta", "DL"), ("American", "AA"), ("JetBlue", "B6")]),
    ("etihad or qatar airways", [("etihad", "EY"), ("qatar airways", "QR")]),
    ("air canada to toronto", [("air canada", "AC")]),
    ("I collect points with Qatar", [("Qatar", "QR")]),
    ("My airline of choice is American", [("American", "AA")]),
    ("Turkish would be my choice", [("Turkish", "TK")]),
    ("the cheaper Alaska one", [("Alaska", "AS")]),
    ("I'll go with Air France's flight", [("Air France's", "AF")]),
]

NOT_FOUND = [
    "I'm an American citizen",
    "I am american",
    "I'm not American",
    "I like American food",
    "american express card",
    "fly to Alaska",
    "to Alaska in June",
    "the United States",
    "United Kingdom",
    "United Arab Emirates",
    "in the southwest",
    "southwest florida",
    "swiss francs",
    "a spirit of adventure",
    "in the spring",
    "tap on the button",
    "LA to NY",
    "is flight BA 117 on time",
    "let's play a game",
    "flights KL to Saigon",
    "Portland, OR to Augusta, ME",
    "flights to hainan",
    "we fly in transit this winter",
    "OK",
    "",
]


@pytest.mark.parametrize(("said", "expected"), FOUND)
def test_airlines_are_found_in_sentences(said, expected):
    assert [(said[start:end], code) for start, end, code in find_airlines(said)] == expected


@pytest.mark.parametrize("said", NOT_FOUND)
def test_words_that_only_look_like_airlines_are_left_alone(said):
    assert find_airlines(said) == ()


def test_airline_of_a_code():
    assert (airline("lh").name, airline("LH").country, airline("LH").alliance) == ("Lufthansa", "DE", "Star Alliance")
    assert airline("WN").alliance is None


def test_unknown_code_says_what_to_do():
    with pytest.raises(UnknownAirline, match=r'No airline has the code "XX"\. Did you mean .+ \(..\)'):
        airline("XX")


def test_every_airline_is_found_by_its_full_name():
    assert len(airlines()) >= 120
    missed = [
        a.name for a in airlines() if [code for _, _, code in find_airlines(f"I would fly with {a.name}")] != [a.code]
    ]
    assert missed == []


def test_alliances_are_the_three_that_exist():
    assert {a.alliance for a in airlines()} == {None, "SkyTeam", "Star Alliance", "oneworld"}
