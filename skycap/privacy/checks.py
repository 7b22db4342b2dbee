"""Check digits: what tells a number of some kind from any other number. Pure functions of digits and letters."""

from __future__ import annotations

from collections import Counter

_DNI = "TRWAGMYFPDXBNJZSQVHLCKE"
_HETU = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_FISCAL_ODD = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21] + [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14]
        + [16, 10, 22, 25, 24, 23],
        strict=True,
    )
)  # fmt: skip
_VERHOEFF = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_SHUFFLE = (
    "0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip


def luhn(digits: str) -> bool:
    total = sum(map(int, digits[-1::-2]))
    return (total + sum(sum(divmod(2 * int(each), 10)) for each in digits[-2::-2])) % 10 == 0


def iban(code: str) -> bool:
    return int("".join(str(int(each, 36)) for each in code[4:] + code[:4])) % 97 == 1


def dni(code: str) -> bool:
    """Spain's DNI (eight digits, a letter) and NIE (X, Y or Z, seven digits, a letter)."""
    number = code[:-1].translate(str.maketrans("XYZ", "012"))
    return number.isdigit() and _DNI[int(number) % 23] == code[-1]


def german_document(code: str) -> bool:
    """Nine characters of a German identity card or passport and their check digit."""
    return sum(int(each, 36) * (7, 3, 1)[place % 3] for place, each in enumerate(code[:9])) % 10 == int(code[9])


def german_tax(digits: str) -> bool:
    counts = Counter(digits[:10])
    if digits[0] == "0" or sorted(counts.values())[-1] not in (2, 3) or len(counts) not in (8, 9):
        return False
    product = 10
    for each in digits[:10]:
        product = ((int(each) + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(digits[10])


def italian_fiscal(code: str) -> bool:
    odd = sum(_FISCAL_ODD[each] for each in code[:15:2])
    even = sum(int(each) if each.isdigit() else ord(each) - 65 for each in code[1:15:2])
    return chr((odd + even) % 26 + 65) == code[15]


def french_nir(code: str) -> bool:
    number = code[:13].replace("2A", "19").replace("2B", "18")
    return number.isdigit() and 97 - int(number) % 97 == int(code[13:])


def belgian(digits: str) -> bool:
    return any(97 - int(century + digits[:9]) % 97 == int(digits[9:]) for century in ("", "2"))


def pesel(digits: str) -> bool:
    return sum(int(a) * b for a, b in zip(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1), strict=True)) % 10 == 0


def cpf(digits: str) -> bool:
    def at(length: int) -> int:
        return sum(int(each) * (length + 1 - place) for place, each in enumerate(digits[:length])) * 10 % 11 % 10

    return len(set(digits)) > 1 and at(9) == int(digits[9]) and at(10) == int(digits[10])


def aadhaar(digits: str) -> bool:
    check = 0
    for place, each in enumerate(reversed(digits)):
        check = int(_VERHOEFF[check][int(_SHUFFLE[place % 8][int(each)])])
    return check == 0 and digits[0] not in "01"


def chinese(code: str) -> bool:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(a) * b for a, b in zip(code[:17], weights, strict=True)) % 11] == code[17]


def swiss(digits: str) -> bool:
    return sum(int(each) * (1, 3)[place % 2] for place, each in enumerate(digits)) % 10 == 0


def finnish(code: str) -> bool:
    return _HETU[int(code[:6] + code[7:10]) % 31] == code[10]


def irish(code: str) -> bool:
    total = sum(int(each) * (8 - place) for place, each in enumerate(code[:7]))
    extra = (ord(code[8]) - 64) * 9 if len(code) > 8 and code[8] != "W" else 0
    return "WABCDEFGHIJKLMNOPQRSTUV"[(total + extra) % 23] == code[7]
