"""How many people fly, in German: what is said, the number, and (adults, children, infants) when told apart."""

import pytest

from flights.people import find_passengers

SAID = [
    ("zu zweit", 2, None),
    ("wir sind zu dritt", 3, None),
    ("wir sind drei", 3, None),
    ("wir sind 3", 3, None),
    ("wir sind 2 Personen", 2, None),
    ("wir sind 4 Mann", 4, None),
    ("2 Personen", 2, None),
    ("für zwei Personen", 2, None),
    ("für 3", 3, None),
    ("für zwei bitte", 2, None),
    ("für zwei am Freitag", 2, None),
    ("eine Person", 1, None),
    ("1 Person", 1, None),
    ("4 Passagiere", 4, None),
    ("3 Tickets", 3, None),
    ("zwei Erwachsene", 2, (2, 0, 0)),
    ("zwei Erwachsene und ein Kind", 3, (2, 1, 0)),
    ("2 Erwachsene, 1 Kind und 1 Baby", 4, (2, 1, 1)),
    ("ein Erwachsener und ein Kind", 2, (1, 1, 0)),
    ("2 Erw. 2 Kinder", 4, (2, 2, 0)),
    ("ein Erwachsener", 1, (1, 0, 0)),
    ("ein Erwachsener und zwei Kinder", 3, (1, 2, 0)),
    ("meine Frau und ich", 2, None),
    ("ich und meine Frau", 2, None),
    ("für mich und meine Frau", 2, None),
    ("mit meiner Frau", 2, None),
    ("meine Frau, ich und ein Baby", 3, (2, 0, 1)),
    ("ich fliege mit 2 Freunden", 3, None),
    ("mit zwei Kollegen", 3, None),
    ("ich und zwei Freunde", 3, None),
    ("ich, meine Frau und unsere zwei Kinder", 4, (2, 2, 0)),
    ("meine beiden Kinder und ich", 3, (1, 2, 0)),
    ("meine Eltern und ich", 3, None),
    ("nur ich", 1, None),
    ("nur für mich", 1, None),
    ("ich allein", 1, None),
    ("ich reise alleine", 1, None),
    ("ich fliege allein nach Rom", 1, None),
    ("wir beide", 2, None),
    ("für uns beide", 2, None),
    ("für uns zwei", 2, None),
    ("wir zwei", 2, None),
    ("Familie mit vier Personen", 4, None),
    ("eine vierköpfige Familie", 4, None),
    ("Gruppe von 10", 10, None),
    ("insgesamt 5", 5, None),
    ("zu fünft", 5, None),
    ("wir wären zu viert", 4, None),
    ("für meine Mutter", 1, None),
    ("Flug für meine Mama", 1, None),
    ("0 Personen", 0, None),
    ("200 Personen", 200, None),
    ("200 Leute", 200, None),
    ("wir sind 8. Danke", 8, None),
    ("3 Personen, davon ein Kind", 3, None),
    ("wir sind vier: zwei Erwachsene und zwei Kinder", 4, (2, 2, 0)),
    ("zwei Tickets nach Rom", 2, None),
    ("ich fliege mit meinem Mann und unserem Baby", 3, (2, 0, 1)),
    ("für meine Eltern", 2, None),
    ("machen Sie daraus drei Personen", 3, None),
    ("doch nur zwei Personen", 2, None),
    ("zu zweit nach Rom", 2, None),
    ("5 Nächte für 2 Personen", 2, None),
    ("um 8 für zwei", 2, None),
    ("einen Flug für mich und einen Freund", 2, None),
    ("ich und meine Freundin", 2, None),
    ("mein Sohn und ich", 2, (1, 1, 0)),
    ("ich reise mit dem Baby", 2, (1, 0, 1)),
    ("Business Class für zwei", 2, None),
    ("zwei Business Class Tickets", 2, None),
    ("zwei einfache Tickets", 2, None),
    ("für drei Personen bitte", 3, None),
    ("5 Personen insgesamt", 5, None),
    ("mein Baby und ich", 2, (1, 0, 1)),
    ("zwei Kinder", 2, (0, 2, 0)),
]
ADDED = [
    ("noch eine Person", 1),
    ("noch zwei Personen", 2),
    ("eine weitere Person", 1),
    ("mein Freund kommt mit", 1),
    ("meine Schwester kommt auch mit", 1),
    ("meine Frau fliegt mit", 1),
    ("meine Schwester kommt doch nicht mit", -1),
    ("eine Person weniger", -1),
    ("ich nehme meine Tochter mit", 1),
    ("es kommt noch ein Kind dazu", 1),
    ("zwei Leute mehr", 2),
    ("meine Tochter kommt nicht mit", -1),
    ("mein Kollege fliegt auch mit", 1),
    ("kann meine Frau auch mitkommen", 1),
    ("meine Frau kann leider nicht mitkommen", -1),
]
ASKED = [
    ("2", 2),
    ("zwei", 2),
    ("nur ich", 1),
    ("ich", 1),
    ("alleine", 1),
    ("beide", 2),
    ("zwei Erwachsene", 2),
    ("9", 9),
    ("0", 0),
    ("zu zweit", 2),
    ("wir sind zwei", 2),
    ("sind 3", 3),
    ("ein Paar", 2),
    ("2 Leute bitte", 2),
    ("mich und meinen Mann", 2),
    ("mein Mann und ich", 2),
    ("am 2.", None),
    ("um 2", None),
]
NOT_SAID = [
    "ein Ticket", "ein Flug", "einfach", "hin und zurück", "2 Koffer", "am 3.", "um 2", "ein Stopp", "zwei Wochen",
    "3 Tage", "Option 2", "den ersten", "für eine Woche", "für den 5. März", "für 5 Tage", "für 300 Euro", "für 7:30",
    "am 2. Mai", "ich bin Frau Müller", "ich möchte nach Rom", "können Sie mir helfen", "eine Frage",
    "mein Name ist Anna", "die Sieben", "ich besuche zwei Freunde", "in zwei Wochen", "zwei Flüge",
    "für die zweite Woche", "ich bin in Berlin", "ich komme mit dem Zug", "nehmen Sie die Nummer 3",
    "ich nehme den zweiten", "wir bleiben 2 Wochen", "die Familie",
]  # fmt: skip


@pytest.mark.parametrize(("text", "count", "sorts"), SAID)
def test_people(text, count, sorts):
    found = find_passengers(text, locale="de")
    assert (found.count, found.added) == (count, False)
    assert (found.adults, found.children, found.infants) == (sorts or (None, None, None))
    assert text[found.start : found.end] == found.text


@pytest.mark.parametrize(("text", "count"), ADDED)
def test_who_comes_on_top_or_stays_at_home(text, count):
    found = find_passengers(text, locale="de")
    assert (found.count, found.added) == (count, True)


@pytest.mark.parametrize(("text", "count"), ASKED)
def test_answer(text, count):
    found = find_passengers(text, locale="de", asked=True)
    assert (found and found.count) == count


@pytest.mark.parametrize("text", NOT_SAID)
def test_nobody(text):
    assert find_passengers(text, locale="de") is None
