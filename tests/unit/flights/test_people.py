"""How many people fly: what is said, the number, and (adults, children, infants) when told apart."""

import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from flights.people import find_passengers

MAX_SECONDS = 0.1
SAID = [
    ("two of us", 2, None),
    ("the two of us", 2, None),
    ("both of us", 2, None),
    ("us two", 2, None),
    ("for 3", 3, None),
    ("for two please", 2, None),
    ("for 2 on Friday", 2, None),
    ("3 people", 3, None),
    ("one person", 1, None),
    ("four passengers", 4, None),
    ("3 tickets", 3, None),
    ("1 ticket", 1, None),
    ("one ticket", 1, None),
    ("three economy class tickets", 3, None),
    ("two one-way tickets", 2, None),
    ("2 round trip tickets to Paris", 2, None),
    ("2 seats", 2, None),
    ("a pair of tickets", 2, None),
    ("a couple of tickets", 2, None),
    ("a couple", 2, None),
    ("we're a couple", 2, None),
    ("party of four", 4, None),
    ("family of 5", 5, None),
    ("group of 10", 10, None),
    ("we are 3", 3, None),
    ("0 passengers", 0, None),
    ("200 people", 200, None),
    ("me my wife and our two kids", 4, (2, 2, 0)),
    ("just me", 1, None),
    ("only me", 1, None),
    ("solo", 1, None),
    ("by myself", 1, None),
    ("on my own", 1, None),
    ("I'm travelling alone", 1, None),
    ("a ticket for me and my wife", 2, None),
    ("my wife and I", 2, None),
    ("traveling with my wife", 2, None),
    ("I'm flying with 2 friends", 3, None),
    ("me plus one", 2, None),
    ("me +1", 2, None),
    ("myself and 2 colleagues", 3, None),
    ("for me and 3 friends", 4, None),
    ("my parents and I", 3, None),
    ("I need a flight for my mom", 1, None),
    ("book 2 tickets for me and a friend", 2, None),
    ("for 2 nights for 3 people", 3, None),
    ("2 adults", 2, (2, 0, 0)),
    ("2 adults and 1 child", 3, (2, 1, 0)),
    ("2 adults, 1 child and 1 infant", 4, (2, 1, 1)),
    ("an adult and two kids", 3, (1, 2, 0)),
    ("me and my two kids", 3, (1, 2, 0)),
    ("my wife and I and a baby", 3, (2, 0, 1)),
    ("for me, my husband and our 2 children", 4, (2, 2, 0)),
    ("I and my daughter", 2, (1, 1, 0)),
    ("two of us plus a baby", 3, (2, 0, 1)),
    ("4 of us: 2 adults and 2 kids", 4, (2, 2, 0)),
    ("3 people including 1 child", 3, (2, 1, 0)),
]
NOT_SAID = [
    "one way", "a one way ticket", "one-way please", "a ticket", "a flight", "2 bags", "the 3rd", "at 2 pm", "one stop",
    "two weeks", "3 days", "option 2", "the first one", "round trip for a week", "for one week", "for 5 March",
    "for the 5th", "for $300", "for 300", "for 7:30", "for 3 to 5 days", "for 2 bags", "can you book it for me",
    "what is my wife's seat", "my kids and I", "leave me alone", "I want to fly", "UA 200", "2027-03-08",
    "a couple of days", "from Berlin to Rome", "",
]  # fmt: skip
ASKED = [
    ("3", 3), ("three", 3), ("2 please", 2), ("me", 1), ("just one", 1), ("one", 1), ("both of us", 2), ("both", 2),
    ("a couple", 2), ("there will be 3", 3), ("I need 4", 4), ("make it 2", 2), ("myself", 1), ("0", 0),
    ("my wife and I", 2),
]  # fmt: skip
ASKED_NOT_SAID = [
    "one way", "2 bags", "the 3rd", "at 2 pm", "one stop", "two weeks", "3 days", "option 2", "the first one",
    "I leave on the 5th", "$300", "a ticket", "what was that?",
]  # fmt: skip


@pytest.mark.parametrize(("text", "count", "sorts"), SAID)
def test_passengers(text, count, sorts):
    mention = find_passengers(text)
    assert mention is not None
    assert (mention.count, mention.adults, mention.children, mention.infants) == (count, *(sorts or (None,) * 3))
    assert text[mention.start : mention.end] == mention.text


@pytest.mark.parametrize("text", NOT_SAID)
def test_no_passengers(text):
    assert find_passengers(text) is None


@pytest.mark.parametrize(("text", "count"), ASKED)
def test_answer_to_the_question(text, count):
    assert find_passengers(text, asked=True).count == count


@pytest.mark.parametrize("text", ASKED_NOT_SAID)
def test_no_answer_to_the_question(text):
    assert find_passengers(text, asked=True) is None


@pytest.mark.parametrize("text", ["3", "three", "me", "one"])
def test_a_bare_number_counts_nobody_unless_asked(text):
    assert find_passengers(text) is None


def test_unknown_locale_says_what_is_known():
    with pytest.raises(ValueError, match="Known: .*en"):
        find_passengers("zu zweit", locale="xx")


VOCABULARY = (
    "me my I we are and with plus , + wife kids friends baby 2 two a adults child infants for of us tickets ticket one "
    "way party couple just people 99999 1st pm : days including"
)
WORDS = st.sampled_from(VOCABULARY.split())


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=25).map(" ".join)), asked=st.booleans())
@example(text="my wife and " * 500, asked=True)
@example(text="2 economy " * 500, asked=False)
@example(text="١٢ people ² tickets", asked=True)
def test_no_text_raises_or_takes_long(text, asked):
    find_passengers("2 people")  # compile first
    began = time.thread_time()
    mention = find_passengers(text, asked=asked)
    assert time.thread_time() - began < MAX_SECONDS
    if mention:
        assert text[mention.start : mention.end] == mention.text
        assert mention.adults is None or mention.adults + mention.children + mention.infants == mention.count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("my sister comes along", 1),
        ("my friend is joining", 1),
        ("my sister's coming too", 1),
        ("a friend of mine is coming along", 1),
        ("my two kids are coming too", 2),
        ("my parents will be joining us", 2),
        ("bring my mom", 1),
        ("one more person", 1),
        ("another passenger", 1),
        ("two more people", 2),
        ("add one more", 1),
        ("plus one", 1),
        ("my wife isn't coming", -1),
        ("one person less", -1),
    ],
)
def test_people_on_top_of_those_known(text, count):
    mention = find_passengers(text)
    assert mention is not None
    assert (mention.count, mention.added) == (count, True)


@pytest.mark.parametrize("text", ["me and two more people", "me plus one", "me and my sister are coming along"])
def test_who_names_themselves_too_names_everybody(text):
    mention = find_passengers(text)
    assert mention is not None
    assert not mention.added


@pytest.mark.parametrize("text", ["my boss joins me in Rome", "my friend is joining a gym", "we see my sister"])
def test_people_who_do_not_fly_along_are_not_added(text):
    mention = find_passengers(text)
    assert mention is None or not mention.added
