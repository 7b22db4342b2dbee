"""Personal data in German and Spanish, what stays there, and the files of words."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from skycap.privacy import mask
from skycap.privacy.words import FOLDER, WordsError, read

GERMAN = [
    ("ich bin am 12.05.1985 geboren", "ich bin am [DATE_OF_BIRTH] geboren"),
    ("geboren am 3. März 1990 in Köln", "geboren am [DATE_OF_BIRTH] in Köln"),
    ("Geburtsdatum: 07.11.78", "Geburtsdatum: [DATE_OF_BIRTH]"),
    ("mein Geburtsdatum lautet 1.2.2001", "mein Geburtsdatum lautet [DATE_OF_BIRTH]"),
    ("Geb.-Datum 24.12.1969", "Geb.-Datum [DATE_OF_BIRTH]"),
    ("geb. 5. Jänner 1971", "geb. [DATE_OF_BIRTH]"),
    ("Mein Geburtstag ist der 3. Mai", "Mein Geburtstag ist der [DATE_OF_BIRTH]"),
    ("12.05.1985 ist mein Geburtsdatum", "[DATE_OF_BIRTH] ist mein Geburtsdatum"),
    ("geboren am fünften Oktober 1988", "geboren am [DATE_OF_BIRTH]"),
    ("meine Tochter wurde am 2. August 2015 geboren", "meine Tochter wurde am [DATE_OF_BIRTH] geboren"),
    ("geboren 1.1.1970 und 2.2.1972", "geboren [DATE_OF_BIRTH] und [DATE_OF_BIRTH]"),
    ("Reisepass C01X00T47", "Reisepass [PASSPORT]"),
    ("meine Reisepassnummer ist 123456789", "meine Reisepassnummer ist [PASSPORT]"),
    ("Kinderpass: 7654321", "Kinderpass: [PASSPORT]"),
    ("Personalausweis LZ6FWR8V8", "Personalausweis [NATIONAL_ID]"),
    ("die Nummer vom Perso ist 220001293", "die Nummer vom Perso ist [NATIONAL_ID]"),
    ("Führerschein B072RRE2I55", "Führerschein [NATIONAL_ID]"),
    ("Steuer-ID 86 095 742 719", "Steuer-ID [NATIONAL_ID]"),
    ("Sozialversicherungsnummer 65 170839 J 003", "Sozialversicherungsnummer [NATIONAL_ID]"),
    ("ruf mich an: 0171 2345678", "ruf mich an: [PHONE]"),
    ("Handynummer +49 170 1234567", "Handynummer [PHONE]"),
    ("meine Nummer ist 030/1234567", "meine Nummer ist [PHONE]"),
    ("bin unter 0664 1234567 erreichbar", "bin unter [PHONE] erreichbar"),
    ("Festnetz 044 668 18 00", "Festnetz [PHONE]"),
    ("DE89 3704 0044 0532 0130 00 ist die IBAN", "[IBAN] ist die IBAN"),
    ("Kontonummer 0532013000", "Kontonummer [IBAN]"),
    ("Kreditkarte 4111 1111 1111 1112, Prüfnummer 123", "Kreditkarte [CARD], Prüfnummer [CARD]"),
    ("erika Klammeraffe example Punkt de", "[EMAIL]"),
    ("an max at example punkt com", "an [EMAIL]"),
    ("Ich wohne in der Hauptstraße 12, 10115 Berlin", "Ich wohne in der [ADDRESS] Berlin"),
    ("Berliner Str. 4a in Köln", "[ADDRESS] in Köln"),
    ("meine Adresse: Lange Gasse 7, A-1080 Wien", "meine Adresse: [ADDRESS] Wien"),
    ("Alexanderplatz 3", "[ADDRESS]"),
    ("Postleitzahl 80331", "Postleitzahl [ADDRESS]"),
    ("PLZ: 8001 Zürich", "PLZ: [ADDRESS] Zürich"),
]
GERMAN_KEPT = [
    "hin am 12.05.2027, zurück am 19.05.2027",
    "ein Flug am 3. März 2027 um 7:30 Uhr",
    "vom 1. bis 8. Mai für 1.299,50 Euro",
    "zum Geburtstag meiner Mutter am 12. Mai nach Rom",
    "LH 1234 von MUC nach FCO, Gate B12, Sitzplatz 14C",
    "Buchungsnummer B3NX7K, Buchungscode 7KPQ2X",
    "Buchungsnummer: 2026123456, Rechnungsnummer 2027-000481",
    "Reihe 12, Platz 3, Fensterplatz 22A",
    "der Hinweg 12.5. und der Rückweg 19.5.",
    "Hinweg 12, Rückweg 15 Uhr",
    "zwischen 0900 und 1700 Uhr",
    "brauche ich für LH 400 einen Reisepass oder reicht der Personalausweis?",
    "wir sind 2 Erwachsene, 3 Kinder und 4 Koffer mit je 23 kg",
    "in der Straße am Flughafen um 12:30",
    "die zweite Option, 349,00 oder 359,00 Euro",
    "am zwanzigsten Dezember nach Wien",
    "am Telefon sagte man 2 Stunden vorher",
    "Kapitel 4.2.1.3 der Bedingungen",
]
SPANISH = [
    ("nací el 12/05/1985", "nací el [DATE_OF_BIRTH]"),
    ("nacido el 3 de marzo de 1990 en Lima", "nacido el [DATE_OF_BIRTH] en Lima"),
    ("fecha de nacimiento: 07-11-78", "fecha de nacimiento: [DATE_OF_BIRTH]"),
    ("Fec. nac. 24/12/1969", "Fec. nac. [DATE_OF_BIRTH]"),
    ("mi fecha de nacimiento es el 1 de febrero del 2001", "mi fecha de nacimiento es el [DATE_OF_BIRTH]"),
    ("nacida el siete de julio de 1992", "nacida el [DATE_OF_BIRTH]"),
    ("nacida el 1ro de enero de 1971", "nacida el [DATE_OF_BIRTH]"),
    ("mi cumpleaños es el 3 de mayo", "mi cumpleaños es el [DATE_OF_BIRTH]"),
    ("12/05/1985 es mi fecha de nacimiento", "[DATE_OF_BIRTH] es mi fecha de nacimiento"),
    ("mis hijas nacieron el 1.1.2010 y 2.2.2012", "mis hijas nacieron el [DATE_OF_BIRTH] y [DATE_OF_BIRTH]"),
    ("cumplo años el 8 de agosto de 1980", "cumplo años el [DATE_OF_BIRTH]"),
    ("pasaporte AAB123456", "pasaporte [PASSPORT]"),
    ("el número de mi pasaporte es 123456789", "el número de mi pasaporte es [PASSPORT]"),
    ("mi DNI es 12345678Z", "mi DNI es [NATIONAL_ID]"),
    ("DNI 30123456", "DNI [NATIONAL_ID]"),
    ("NIE X1234567L", "NIE [NATIONAL_ID]"),
    ("cédula 1.020.304.050", "cédula [NATIONAL_ID]"),
    ("cédula de ciudadanía 52345678", "cédula de ciudadanía [NATIONAL_ID]"),
    ("documento de identidad 45678901", "documento de identidad [NATIONAL_ID]"),
    ("licencia de conducir 987654321", "licencia de conducir [NATIONAL_ID]"),
    ("mi RUT es 12.641.578-8", "mi RUT es [NATIONAL_ID]"),
    ("CURP GOMC850512HDFRRL09", "CURP [NATIONAL_ID]"),
    ("llámeme al 612 345 678", "llámeme al [PHONE]"),
    ("mi celular es +52 55 1234 5678", "mi celular es [PHONE]"),
    ("teléfono 91 123 45 67", "teléfono [PHONE]"),
    ("móvil: 655123456", "móvil: [PHONE]"),
    ("me localiza en el 011 4321-5678", "me localiza en el [PHONE]"),
    ("ES91 2100 0418 4502 0005 1332 es mi cuenta", "[IBAN] es mi cuenta"),
    ("número de cuenta 2100041845", "número de cuenta [IBAN]"),
    ("tarjeta 4111 1111 1111 1112, código de seguridad 123", "tarjeta [CARD], código de seguridad [CARD]"),
    ("lucia arroba example punto es", "[EMAIL]"),
    ("vivo en la calle Mayor 12, 28013 Madrid", "vivo en la [ADDRESS] Madrid"),
    ("av. de la Constitución 45", "[ADDRESS]"),
    ("Avenida Siempreviva nº 742", "[ADDRESS]"),
    ("plaza mayor 3", "[ADDRESS]"),
    ("calle 13 # 45-12 en Bogotá", "[ADDRESS] en Bogotá"),
    ("código postal 28013", "código postal [ADDRESS]"),
    ("C.P. 06700", "C.P. [ADDRESS]"),
]
SPANISH_KEPT = [
    "ida el 12/05/2027 y vuelta el 19/05/2027",
    "un vuelo el 3 de marzo de 2027 a las 7:30",
    "del 1 al 8 de mayo por 1.299,50 euros",
    "un viaje de cumpleaños el 12 de mayo a Roma",
    "IB 3166 de MAD a EZE, puerta 12, asiento 14C",
    "reserva B3NX7K, localizador 7KPQ2X",
    "número de reserva 2026123456, factura 2027-000481",
    "fila 12, plaza 3",
    "quiero una plaza para el 12 de mayo",
    "dos plazas libres 3 noches",
    "entre las 0900 y 1700 horas",
    "¿para el IB 400 hace falta pasaporte o basta el DNI?",
    "somos 2 adultos, 3 niños y 4 maletas de 23 kg",
    "la calle está a 3 km del aeropuerto",
    "un paseo por el centro 3 horas",
    "la segunda opción, 349,00 o 359,00 euros",
    "el veinte de diciembre a Viena",
    "sección 4.2.1.3 de las condiciones",
    "el 3 de mayo, 4 personas, 500 dólares",
]


@pytest.mark.parametrize(("text", "masked"), GERMAN + SPANISH)
def test_personal_data_is_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize("text", GERMAN_KEPT + SPANISH_KEPT)
def test_what_a_journey_is_made_of_stays(text: str) -> None:
    assert mask(text) == text


def test_the_words_of_all_languages_count_in_one_text() -> None:
    text = "my Geburtsdatum is 12.05.1985, pasaporte 123456789"
    assert mask(text) == "my Geburtsdatum is [DATE_OF_BIRTH], pasaporte [PASSPORT]"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the files of words."""
    for path in (*FOLDER.glob("*/privacy.yml"), FOLDER / "privacy.yml"):
        copy = tmp_path / path.relative_to(FOLDER)
        copy.parent.mkdir(exist_ok=True)
        shutil.copy(path, copy)
    return tmp_path


def test_a_language_is_added_by_a_file(folder: Path) -> None:
    (folder / "fi").mkdir()
    text = (folder / "es" / "privacy.yml").read_text().replace("pasaportes?", "passini numero")
    (folder / "fi" / "privacy.yml").write_text(text)
    assert "passini numero" in read(folder).passport and "pasaportes?" in read(folder).passport


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("passport:", "pasport:", "lacks passport"),
        ("hours: [uhr, std, stunden]", "hours: [uhr]\nhour: [std]", "unknown key 'hour'. Did you mean 'hours'"),
        ("[uhr, std, stunden]", "uhr", "hours: write a list"),
        ("[uhr, std, stunden]", "['uhr(']", "no regular expression"),
        ("[uhr, std, stunden]", "['(?:uhr)?']", "matches a word"),
        ("[uhr, std, stunden]", "[Uhr]", "in lower case"),
        ("[uhr, std, stunden]", "[uhr", "no YAML"),
    ],
)
def test_a_wrong_file_stops_the_program(folder: Path, before: str, after: str, message: str) -> None:
    path = folder / "de" / "privacy.yml"
    path.write_text(path.read_text().replace(before, after, 1))
    with pytest.raises(WordsError, match=message.replace("(", r"\(")):
        read(folder)


def test_a_language_without_a_file_stops_the_program(folder: Path) -> None:
    (folder / "de" / "privacy.yml").unlink()
    with pytest.raises(WordsError, match=r"There is no de/privacy.yml. Copy languages/en/privacy.yml"):
        read(folder)
