"""Times of day as travellers say them: what is said, then what is understood as `earliest-latest [exact] [part]`."""

import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from flights.times import find_times

MAX_SECONDS = 0.1
SAID = [
    ("morning", "05:00-11:59 morning"),
    ("in the morning", "05:00-11:59 morning"),
    ("early morning", "05:00-08:59 early_morning"),
    ("early in the morning", "05:00-08:59 early_morning"),
    ("first thing", "05:00-08:59 early_morning"),
    ("an early flight", "05:00-08:59 early_morning"),
    ("late morning", "10:00-11:59 late_morning"),
    ("afternoon", "12:00-17:59 afternoon"),
    ("in the afternoon", "12:00-17:59 afternoon"),
    ("late afternoon", "15:00-17:59 late_afternoon"),
    ("evening", "18:00-22:59 evening"),
    ("leaving Friday evening", "18:00-22:59 evening"),
    ("tonight", "18:00-22:59 evening"),
    ("late evening", "20:00-23:59 late_evening"),
    ("monday night", "20:00-23:59 night"),
    ("a night flight", "20:00-23:59 night"),
    ("red-eye", "21:00-05:59 overnight"),
    ("the redeye", "21:00-05:59 overnight"),
    ("overnight", "21:00-05:59 overnight"),
    ("after lunch", "13:00- afternoon"),
    ("after work", "17:00- evening"),
    ("before lunch", "-12:00 morning"),
    ("noon", "12:00-12:00 exact"),
    ("midnight", "00:00-00:00 exact"),
    ("before noon", "-12:00"),
    ("after noon", "12:00-"),
    ("before midnight", "-23:59"),
    ("around 6 pm", "17:00-19:00"),
    ("about 6pm", "17:00-19:00"),
    ("6ish", "05:00-07:00"),
    ("around 11:30 pm", "22:30-23:59"),
    ("at 7", "07:00-07:00 exact"),
    ("at 3", "15:00-15:00 exact"),
    ("at seven", "07:00-07:00 exact"),
    ("7:30am", "07:30-07:30 exact"),
    ("7.30 pm", "19:30-19:30 exact"),
    ("9 p.m.", "21:00-21:00 exact"),
    ("12 am", "00:00-00:00 exact"),
    ("12 pm", "12:00-12:00 exact"),
    ("18:00", "18:00-18:00 exact"),
    ("the 8:15 flight", "08:15-08:15 exact"),
    ("1800 hours", "18:00-18:00 exact"),
    ("7 o'clock", "07:00-07:00 exact"),
    ("half past 7", "07:30-07:30 exact"),
    ("quarter to 8 pm", "19:45-19:45 exact"),
    ("7 in the evening", "19:00-19:00 exact evening"),
    ("tonight at 7", "19:00-19:00 exact evening"),
    ("tomorrow morning around 9", "08:00-10:00 morning"),
    ("between 8 and 10 am", "08:00-10:00"),
    ("between 8 and 10", "08:00-10:00"),
    ("between 4 and 6", "16:00-18:00"),
    ("from 8 to 10 am", "08:00-10:00"),
    ("8-10am", "08:00-10:00"),
    ("between 11 and 2 pm", "11:00-14:00"),
    ("5 pm to 9 pm", "17:00-21:00"),
    ("11:30 - 13:00", "11:30-13:00"),
    ("after 5", "17:00-"),
    ("after 18:00", "18:00-"),
    ("not before 10", "10:00-"),
    ("8 am or later", "08:00-"),
    ("by 9pm", "-21:00"),
    ("no later than 10pm", "-22:00"),
    ("on 8 March after 18:00", "18:00-"),
    ("3/8 at 9", "09:00-09:00 exact"),
    ("2 adults at 2 pm", "14:00-14:00 exact"),
    ("out at 8 am, back after 6 pm", "08:00-08:00 exact ; 18:00-"),
]
NOT_SAID = [
    "the 8th", "on the 8th", "for 2 people", "$300", "under 300 dollars", "at 300", "around 3 people", "about 5 hours",
    "good morning", "Good evening, a flight to Rome", "for 3 nights", "one night", "before 5 March", "after March 5",
    "between the 3rd and the 7th", "between 3 and 7 March", "before 2027", "2027-03-08", "08.03.2027", "3/8/2027",
    "option 2", "flight UA 18", "24/7", "arriving by 9pm", "land before 6 pm", "I need to be in Rome by 6pm", "one way",
    "between $100 and $200", "from Berlin to Rome", "after 2 days", "at 7%", "hello", "at 25:00", "in 2 hours",
    "about 10 of us",
]  # fmt: skip


def in_words(mention) -> str:
    window = f"{mention.earliest or ''}-{mention.latest or ''}"
    return " ".join(word for word in (window, "exact" if mention.exact else "", mention.part) if word)


@pytest.mark.parametrize(("text", "expected"), SAID)
def test_time(text, expected):
    mentions = find_times(text)
    assert " ; ".join(in_words(one) for one in mentions) == expected
    assert all(text[one.start : one.end] == one.text for one in mentions)


@pytest.mark.parametrize("text", NOT_SAID)
def test_no_time(text):
    assert find_times(text) == ()


def test_unknown_locale_says_what_is_known():
    with pytest.raises(ValueError, match="Known: .*en"):
        find_times("um sieben", locale="xx")


VOCABULARY = (
    "at around between and to from 7 7:30 12 24 1800 hours am pm p.m. morning evening in the night tonight half past "
    "quarter noon midnight after before by March 8th - : . , arrive or later ish $5 3/8 99:99 o'clock"
)
WORDS = st.sampled_from(VOCABULARY.split())


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=25).map(" ".join)))
@example(text="arriving in " + "a " * 2000 + "by 9 pm")
@example(text="get to " * 400 + "at 7")
@example(text="7-" * 2000)
def test_no_text_raises_or_takes_long(text):
    find_times("at 7")  # compile first
    began = time.thread_time()
    mentions = find_times(text)
    assert time.thread_time() - began < MAX_SECONDS
    assert all(text[one.start : one.end] == one.text for one in mentions)
