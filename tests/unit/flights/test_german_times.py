"""Times of day as travellers say them in German: what is said, then `earliest-latest [exact] [part]`."""

import pytest

from flights.times import find_times

SAID = [
    ("morgens", "05:00-11:59 morning"),
    ("am Morgen", "05:00-11:59 morning"),
    ("vormittags", "05:00-11:59 morning"),
    ("am Vormittag", "05:00-11:59 morning"),
    ("früh", "05:00-11:59 morning"),
    ("früh morgens", "05:00-08:59 early_morning"),
    ("frühmorgens", "05:00-08:59 early_morning"),
    ("am frühen Morgen", "05:00-08:59 early_morning"),
    ("morgen früh", "05:00-11:59 morning"),
    ("heute morgen", "05:00-11:59 morning"),
    ("Freitag morgen", "05:00-11:59 morning"),
    ("Freitagmorgen", "05:00-11:59 morning"),
    ("Montag früh", "05:00-11:59 morning"),
    ("mittags", "11:00-13:59 midday"),
    ("am Mittag", "11:00-13:59 midday"),
    ("nachmittags", "12:00-17:59 afternoon"),
    ("am späten Nachmittag", "15:00-17:59 late_afternoon"),
    ("abends", "18:00-22:59 evening"),
    ("am Abend", "18:00-22:59 evening"),
    ("Freitagabend", "18:00-22:59 evening"),
    ("heute Abend", "18:00-22:59 evening"),
    ("spätabends", "20:00-23:59 late_evening"),
    ("am späten Abend", "20:00-23:59 late_evening"),
    ("nachts", "20:00-23:59 night"),
    ("in der Nacht", "20:00-23:59 night"),
    ("Nachtflug", "21:00-05:59 overnight"),
    ("über Nacht", "21:00-05:59 overnight"),
    ("ein früher Flug", "05:00-08:59 early_morning"),
    ("nach dem Mittagessen", "13:00- afternoon"),
    ("vor dem Mittagessen", "-12:00 morning"),
    ("bis Mittag", "-12:00 morning"),
    ("nach der Arbeit", "17:00- evening"),
    ("nach dem Abendessen", "19:00- evening"),
    ("um Mitternacht", "00:00-00:00 exact"),
    ("um 14 Uhr", "14:00-14:00 exact"),
    ("14 Uhr", "14:00-14:00 exact"),
    ("14:30", "14:30-14:30 exact"),
    ("14.30 Uhr", "14:30-14:30 exact"),
    ("um 14.30", "14:30-14:30 exact"),
    ("14:30 Uhr", "14:30-14:30 exact"),
    ("14 Uhr 30", "14:30-14:30 exact"),
    ("14h", "14:00-14:00 exact"),
    ("1430 Uhr", "14:30-14:30 exact"),
    ("um 7", "07:00-07:00 exact"),
    ("um 3", "15:00-15:00 exact"),
    ("um sieben", "07:00-07:00 exact"),
    ("um 3:30", "03:30-03:30 exact"),
    ("halb acht", "07:30-07:30 exact"),
    ("um halb vier", "15:30-15:30 exact"),
    ("halb eins", "12:30-12:30 exact"),
    ("viertel nach sieben", "07:15-07:15 exact"),
    ("viertel vor acht", "07:45-07:45 exact"),
    ("dreiviertel acht", "07:45-07:45 exact"),
    ("viertel acht", "07:15-07:15 exact"),
    ("zehn vor acht", "07:50-07:50 exact"),
    ("fünf nach halb neun", "08:35-08:35 exact"),
    ("um 7 abends", "19:00-19:00 exact evening"),
    ("7 Uhr abends", "19:00-19:00 exact evening"),
    ("abends um 7", "19:00-19:00 exact evening"),
    ("früh um sieben", "07:00-07:00 exact morning"),
    ("3 Uhr nachts", "03:00-03:00 exact night"),
    ("um 5 Uhr früh", "05:00-05:00 exact morning"),
    ("um 5 Uhr morgens", "05:00-05:00 exact morning"),
    ("gegen 10", "09:00-11:00"),
    ("so gegen 18 Uhr", "17:00-19:00"),
    ("circa 10 Uhr", "09:00-11:00"),
    ("um die 10 Uhr", "09:00-11:00"),
    ("um ca. 9 Uhr", "08:00-10:00"),
    ("um 8 herum", "07:00-09:00"),
    ("gegen 23:30", "22:30-23:59"),
    ("vor 12", "-12:00"),
    ("vor 12 Uhr", "-12:00"),
    ("ab 18 Uhr", "18:00-"),
    ("nach 17 Uhr", "17:00-"),
    ("nach 5", "17:00-"),
    ("nicht vor 10", "10:00-"),
    ("spätestens um 9", "-09:00"),
    ("bis 21 Uhr", "-21:00"),
    ("nicht nach 20 Uhr", "-20:00"),
    ("18 Uhr oder später", "18:00-"),
    ("zwanzig Uhr dreißig", "20:30-20:30 exact"),
    ("zwischen 4 und 6", "16:00-18:00"),
    ("zwischen 22 und 2 Uhr", "22:00-02:00"),
    ("zwischen 8 und 10", "08:00-10:00"),
    ("zwischen 8 und 10 Uhr", "08:00-10:00"),
    ("von 8 bis 10 Uhr", "08:00-10:00"),
    ("8-10 Uhr", "08:00-10:00"),
    ("8 bis 10 Uhr", "08:00-10:00"),
    ("18:00-20:00", "18:00-20:00"),
    ("zwischen 18 und 20 Uhr", "18:00-20:00"),
    ("um ein Uhr", "13:00-13:00 exact"),
    ("um eins", "13:00-13:00 exact"),
    ("achtzehn Uhr", "18:00-18:00 exact"),
    ("der 8:15 Flug", "08:15-08:15 exact"),
    ("die 7-Uhr-Maschine", "07:00-07:00 exact"),
    ("am 8. März nach 18 Uhr", "18:00-"),
    ("am 8.3. um 9", "09:00-09:00 exact"),
    ("2 Erwachsene um 14 Uhr", "14:00-14:00 exact"),
    ("hin um 8 Uhr, zurück nach 18 Uhr", "08:00-08:00 exact ; 18:00-"),
    ("morgen Vormittag gegen 9", "08:00-10:00 morning"),
    ("7pm", "19:00-19:00 exact"),
    ("der Flug um sieben", "07:00-07:00 exact"),
]
NOT_SAID = [
    "Guten Morgen", "Guten Abend, einen Flug nach Rom", "Gute Nacht", "eine Nacht", "für 3 Nächte", "am 8.",
    "am 8.10.", "am 8.10", "vom 3. bis 7. März", "zwischen dem 3. und dem 7.", "für 2 Personen", "300 Euro",
    "19.50 Euro", "gegen 300 Euro", "um 3 Personen", "nach 2 Tagen", "vor zwei Wochen", "in 2 Stunden", "nach Rom",
    "von Berlin nach Rom", "ich muss um 18 Uhr in Rom sein", "Ankunft vor 18 Uhr", "bis 9 Uhr da sein",
    "ich will um 9 Uhr landen", "spätestens um 20 Uhr in Wien ankommen", "Option 2", "Flug LH 18", "morgen", "zu früh",
    "so früh wie möglich", "ein Ticket nach Rom", "nach ein paar Tagen", "ab Rom", "vor Ostern", "2027-03-08",
    "08.03.2027", "Heilig Abend", "drei Personen",
]  # fmt: skip


def in_words(mention) -> str:
    window = f"{mention.earliest or ''}-{mention.latest or ''}"
    return " ".join(word for word in (window, "exact" if mention.exact else "", mention.part) if word)


@pytest.mark.parametrize(("text", "expected"), SAID)
def test_time(text, expected):
    mentions = find_times(text, locale="de")
    assert " ; ".join(in_words(one) for one in mentions) == expected
    assert all(text[one.start : one.end] == one.text for one in mentions)


@pytest.mark.parametrize("text", NOT_SAID)
def test_no_time(text):
    assert find_times(text, locale="de") == ()
