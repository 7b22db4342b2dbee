"""What travellers say with digits and what must stay: dates, times, prices, flight numbers, references, seats, gates.

Set aside before numbers are taken for phones or documents.
"""

from __future__ import annotations

import re

from skycap.privacy.births import WORDED
from skycap.privacy.scan import Scan

MANY_DIGITS = re.compile(r"(?:\d[^\0\d]{0,3}){5}")
_MONEY = r"(?:usd|eur|gbp|chf|jpy|cad|aud|inr|euros?|dollars?|bucks|pounds?|francs?|yen|rupees|quid|points|miles|avios)"
_AMOUNT = r"\d{1,3}(?:[ .,']\d{3}){1,4}(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?"
_SPANS = re.compile(
    r"(?:(?<!\w)|(?=[$€£¥₹]))(?:"
    + "|".join(
        (
            r"(?<![.+-])(?:19|20)\d\d-[01]?\d-[0-3]?\d(?:[T ]\d{1,2}:\d\d(?::\d\d)?)?(?![\w-])",
            r"(?<![.+-])[0-3]?\d([-./])[0-3]?\d\1(?:19|20)?\d\d(?!\w|[-./]\d)",
            r"(?<![.+-])(?:19|20)\d\d([-./])[01]?\d\2[0-3]?\d(?!\w|[-./]\d)",
            r"(?<![.+-])[0-3]?\d[ ][01]?\d[ ](?:19|20)\d\d(?!\w|[ -]\d)",
            r"(?<![.+-])[01]?\d[-./](?:19|20)\d\d(?!\w|[-./]\d)",  # a month: when a document expires
            r"(?<![.+-])20[2-4]\d[01]\d[0-3]\d(?!\w)",
            r"(?<![.+-])[0-3]\d[01]\d20[2-4]\d(?!\w)",
            WORDED,
            r"(?<![.+-])\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:[ ]?[ap]\.?m\.?)?(?:[ ]?-[ ]?\d{1,2}[:.]\d\d)?(?!\w|\.\d)",
            r"(?<![.+-])[012]\d[0-5]\d[ ]?(?:-|to|and)[ ]?[012]\d[0-5]\d(?:[ ]?h(?:rs|ours)?)?(?!\w|-\d)",
            r"(?<![.+-])[012]\d[0-5]\d(?:(?:[ ]|[ ]?[,/][ ]?)[012]\d[0-5]\d){2,9}(?!\w|[ .-]\d)",  # a timetable
            r"(?<![.+-])[0-3]?\d/[01]?\d(?:[ ,]{1,2}[0-3]?\d/[01]?\d){2,9}(?!\w|[-./]\d)",  # days to choose from
            r"(?<![.+-])\d{1,4}[.,]\d\d(?:(?:[ ,;/]{1,3}|[ ]and[ ]|[ ]or[ ])\d{1,4}[.,]\d\d){1,9}(?!\w|[-./]\d)",
            r"(?<![.+-])20[2-4]\d[-./][01]\d(?!\w|[-./ ]\d)",
            r"(?<![.+-])20[12]\d/\d{2,6}(?!\w|[-./ ]\d)",  # the seventeenth receipt of a year
            r"(?<![.+-])\d{1,3}[05](?:/\d{1,3}[05]){2,5}(?!\w|[-./ ]\d)",  # amounts to choose from
            rf"[$€£¥₹][ ]?(?:{_AMOUNT})(?:[ ]?-[ ]?[$€£¥₹]?(?:{_AMOUNT}))?k?(?!\w)",
            rf"(?<!\+)(?:{_AMOUNT})(?:[ ]?(?:-|to)[ ]?(?:{_AMOUNT}))?[ ]?(?:[$€£¥₹]|{_MONEY}\b)",
            rf"(?<![.+-])[1-9]\d{{2,4}}(?:[ ,/]{{1,2}}[1-9]\d{{2,4}}){{1,6}}[ ]?(?:[$€£¥₹]|{_MONEY}\b)",
            rf"{_MONEY}[ ]?(?:{_AMOUNT})(?!\w)",
        )
    )
    + ")",
    re.I,
)
# What has a number right behind it. Farther away, "vuelo" says nothing of a phone number.
_PAPERS = (
    r"ref|file|(?:server|unix) time|timestamp|serial|buchungs?|reservierungs?|auftrags?|vorgangs?|rechnungs?|"
    r"gutscheins?|gepäckabschnitt|fall|beleg|quittungs?|ticket|flug|angebots?|reserva|localizador|billetes?|facturas?|"
    r"reclamaci[óo]n|expediente|pedido|vuelo|oferta|r[ée]servation|dossier|billets?|factures?|r[ée]clamation|commande|vol|offre"
)
# Afterwards, or "on 12" of a date would be a flight.
_NUMBERED = re.compile(
    "|".join(
        (
            # Flight numbers: two characters of an airline, one of them a letter, and up to four digits.
            r"(?<!\w)(?:(?:[a-z]{2}|[a-z]\d|\d[a-z])[ -]?|[a-z]{3})\d{1,4}[a-z]?(?!\w|[ ./()-]{1,2}\d)",
            r"(?<!\w)(?:gates?|seats?|rows?|terminals?|zone|lounge|platform|belt|flights?)[ ]"
            r"(?:number |no\.? |# ?)?\w{1,6}(?!\w|[ ./()-]{1,2}\d)",
            rf"(?<!\w)(?:{_PAPERS})(?:[ ]?(?:nummer|number|no|nr|n[úu]mero|num[ée]ro|n[º°]|code|id))?[ .:#]{{1,3}}"
            r"\d\w*(?:[ ./-]\d\w*){0,4}(?!\w)",
        )
    ),
    re.I,
)


def set_travel_aside(scan: Scan) -> None:
    if not MANY_DIGITS.search(scan.text):  # too few for a phone or a document
        return
    for pattern in (_SPANS, _NUMBERED):
        for hit in pattern.finditer(scan.text):
            scan.set_aside(*hit.span())
