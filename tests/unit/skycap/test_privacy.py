"""Personal data in texts: what is found, what a journey is made of and stays, what no text can cost."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.privacy import texts
from skycap.privacy import TOKEN, Found, find, mask, replace, warm_up

MASKED = [
    # cards, in any grouping and any digits
    ("my card is 4111 1111 1111 1111 exp 12/27 cvv 123", "my card is [CARD] exp 12/27 cvv [CARD]"),
    ("４１１１ １１１１ １１１１ １１１１", "[CARD]"),
    ("٤١١١١١١١١١١١١١١١", "[CARD]"),
    ("4111‑1111‑1111‑1111", "[CARD]"),
    ("41\u200b11 1111 1111 1111 ok", "[CARD] ok"),
    ("amex 3782 822463 10005", "amex [CARD]"),
    ("for 2 5555.5555.5555.4444", "for 2 [CARD]"),
    ("my card number is 4111 1111 1111 1112", "my card number is [CARD]"),
    ("card 4539_9574_7471_2000", "card [CARD]"),
    ("at 18:30 4111 1111 1111 1111 ok", "at 18:30 [CARD] ok"),
    # e-mail
    ("alice@example.com.", "[EMAIL]."),
    ("mail bob.smith+x@mail.co.uk please", "mail [EMAIL] please"),
    ("josé@exämple.de", "[EMAIL]"),
    ("alice (at) example dot com", "[EMAIL]"),
    ("alice at gmail.com", "[EMAIL]"),
    ("alice @ example.com", "[EMAIL]"),
    ("john.smith@gmail", "[HANDLE]"),
    ("jane arobase example point fr", "[EMAIL]"),
    ("schreiben an info at example punkt at", "schreiben an [EMAIL]"),
    ("it is vanessa at example dot com", "it is [EMAIL]"),
    # phones of many countries
    ("Argentina: +54 9 11 5123 8876", "Argentina: [PHONE]"),  # Luhn's digit, too
    ("mobile+447700900614", "mobile[PHONE]"),
    ("any time: 07700 900241", "any time: [PHONE]"),
    ("mi vuelo llega tarde, llama al 612 345 678", "mi vuelo llega tarde, llama al [PHONE]"),
    ("about my ticket, call 0171 2345678", "about my ticket, call [PHONE]"),
    ("Canada 416 555 0190 ext. 12", "Canada [PHONE]"),
    *(
        (phone, "[PHONE]")
        for phone in (
            "+1 202 555 0143", "(202) 555-0143", "020 7946 0958", "07700 900123", "030 1234567", "+49 170 1234567",
            "06 12 34 56 78", "612 345 678", "0171/2345678", "+39 06 6982 1234", "+31 6 12345678", "+41 44 668 18 00",
            "+43 1 534550", "+46 8 123 456 78", "+48 512 345 678", "+351 912 345 678", "+91 98765 43210",
            "+81 90-1234-5678", "+61 412 345 678", "+55 11 91234-5678", "+86 138 0013 8000", "+27 82 123 4567",
            "+52 55 1234 5678", "+90 532 123 45 67", "0049 30 1234567",
        )
    ),
    ("call me on 0171 2345678 after 5 pm", "call me on [PHONE] after 5 pm"),
    # accounts and documents, announced or not
    ("DE89 3704 0044 0532 0130 00 please", "[IBAN] please"),
    ("gb29nwbk60161331926819", "[IBAN]"),
    ("passport C01X00T47", "passport [PASSPORT]"),
    ("my passport number is 123456789", "my passport number is [PASSPORT]"),
    ("A1234567", "[PASSPORT]"),
    ("AB 12 34 56 C", "[NATIONAL_ID]"),
    ("12345678Z", "[NATIONAL_ID]"),
    ("X1234567L", "[NATIONAL_ID]"),
    ("86 095 742 719", "[NATIONAL_ID]"),
    ("RSSMRA85T10A562S", "[NATIONAL_ID]"),
    ("2 55 08 14 168 025 38", "[NATIONAL_ID]"),
    ("my id number is 123456789", "my id number is [NATIONAL_ID]"),
    ("passport NX7MR8P84", "passport [PASSPORT]"),
    ("paspoortnummer BR9PPR471", "paspoortnummer [PASSPORT]"),
    ("fødselsnr 24117786338", "fødselsnr [NATIONAL_ID]"),
    ("Ausweisnummer LZ6FWR8V8", "Ausweisnummer [NATIONAL_ID]"),
    ("burgerservicenummer: 351888202", "burgerservicenummer: [NATIONAL_ID]"),
    ("mi RUT es 12.641.578-8", "mi RUT es [NATIONAL_ID]"),
    ("123-45-6789", "[SSN]"),
    ("ssn 123456789", "ssn [SSN]"),
    # addresses of machines
    ("from 192.168.1.10 today", "from [IP] today"),
    ("2001:db8::1", "[IP]"),
    ("::ffff:192.0.2.128", "[IP]"),
    # dates of birth, when said as such
    ("I was born on 12 May 1985", "I was born on [DATE_OF_BIRTH]"),
    ("DOB: 1985-05-12", "DOB: [DATE_OF_BIRTH]"),
    ("my birthday is May 12th", "my birthday is [DATE_OF_BIRTH]"),
    ("mi hijo nació el 12.05.2014", "mi hijo nació el [DATE_OF_BIRTH]"),
    ("née le 1er avril 1995", "née le [DATE_OF_BIRTH]"),
    ("11/07/1990 is when I was born", "[DATE_OF_BIRTH] is when I was born"),
    ("DOBs: 1/1/1970, 2/2/1972", "DOBs: [DATE_OF_BIRTH], [DATE_OF_BIRTH]"),
    ("F. de nacimiento: 09-11-2011", "F. de nacimiento: [DATE_OF_BIRTH]"),
    ("nacida el 7 de julio del 92", "nacida el [DATE_OF_BIRTH]"),
    ("DoB for both: 13 Jan 1980 and 4 Feb 1982", "DoB for both: [DATE_OF_BIRTH] and [DATE_OF_BIRTH]"),
    ("12/05/1985 is my date of birth", "[DATE_OF_BIRTH] is my date of birth"),
]  # fmt: skip
KEPT = [
    "I need a flight from BER to FCO on 2027-03-12 for $1,200.50",
    "LH 1234 gate 12 B seat 14C terminal 2",
    "booking ABC123 for 2 people",
    "reference 7KPQ2X, ticket 220 1234567890",
    "between 0900-1700 on 12.03.2027",
    "12/03/2027 to 15/03/2027 at 10:30:00",
    "out on 12 03 2027 and back on 20270319",
    "budget 1,500,000 yen or 1200-1500 euros",
    "Do I need a passport for LH1234 on 12/03/2027?",
    "we are 2 adults, 3 kids and 10 bags of 23 kg",
    "a trip for my birthday on May 12",
    "we arrive at noon, or do I book at booking.com?",
    "option 2, 12 March, 3 people, 14:30",
    "born to fly",
    "@lufthansa is cheaper",
    "fares @ 199.99 each, see you @ noon. Thanks",
    "I checked at skyscanner dot net, the price at kayak dot com was 199",
    "12/05/2026 18:30 - 13/05/2026 07:45",
    "departures 0600 0900 1200 1500",
    "AWB 020-12345675",
    "receipt 2026/0417, EU261: 250/400/600, passport exp 2030-01",
    "meet at 5 dot 30 sharp, I found 349 at kayak dot com",
    "349.00 359.00 369.00 379.00 or 4500 5500 6500 miles",
    "dates 1/6 2/6 3/6 4/6 5/6",
    "Rechnung 2027-000481, billete 075-2345678904, Gutschein 7788 9900",
    "section 4.2.1.3 of the contract in version 2.14.0.3",
    "passport desk, level 2, counter 301-318",
    "my passport, and promo code FLY2026X",
    "un viaje de cumpleaños el 12 de mayo de 2027",
    "[EMAIL:1] and [PHONE:2] and [CARD]",
]


@pytest.mark.parametrize(("text", "masked"), MASKED)
def test_personal_data_is_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize("text", KEPT)
def test_what_a_journey_is_made_of_stays(text: str) -> None:
    assert mask(text) == text


def test_findings_have_their_place_in_the_text_as_it_came() -> None:
    text = "ﬁrst４１１１ １１１１ １１１１ １１１１, then alice@example.com"
    assert [(each.kind, text[each.start : each.end]) for each in find(text)] == [
        ("CARD", "４１１１ １１１１ １１１１ １１１１"),
        ("EMAIL", "alice@example.com"),
    ]
    assert find("") == [] and find("a@b.co") == [Found(0, 6, "EMAIL")]


def test_every_finding_is_replaced_by_what_stands_for_it() -> None:
    assert replace("a@b.co or c@d.co", lambda kind, value: f"<{kind} {value[0]}>") == "<EMAIL a> or <EMAIL c>"


@given(st.text() | st.sampled_from([text for text, _ in MASKED]).map(lambda text: f"{text} {text}"))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = mask(text)
    assert mask(once) == once


@given(st.text(max_size=300))
def test_findings_never_overlap_and_lie_within_the_text(text: str) -> None:
    end = 0
    for each in find(text):
        assert end <= each.start < each.end <= len(text)
        assert TOKEN.fullmatch(f"[{each.kind}:1]")
        end = each.end


def test_no_text_costs_much() -> None:
    warm_up()
    slowest = 0.0
    for text in texts(1500, seed=4):
        start = time.process_time()
        find(text)
        slowest = max(slowest, time.process_time() - start)
    assert slowest < 0.5


def test_ten_times_the_text_costs_about_ten_times_as_much() -> None:
    warm_up()
    for piece in ("0171 2345678 ", "1 ", "a@", "1.1.1.", "at ", "4111 ", "born 1 ", "A1"):
        cost = []
        for length in (2_000, 20_000):
            text = (piece * length)[:length]
            start = time.process_time()
            find(text)
            cost.append(time.process_time() - start)
        assert cost[1] < 40 * max(cost[0], 0.002), piece
