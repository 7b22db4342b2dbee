"""Which language a text is in, and what that makes of a conversation. Many texts: test_language_texts.py."""

from __future__ import annotations

from typing import Any

import pytest

from skycap.cleaning import leave_out
from skycap.ingest import ingest
from skycap.languages import Conversation, Guess, decide, guess, hinted, name_of
from skycap.vault import vault

CODES = ("en", "de", "es")


def after(*said: str, home: str = "en") -> dict[str, Any]:
    """The language of the last of several messages of a conversation that begins in `home`."""
    conversation = Conversation(home)
    for text in said:
        turn = decide(guess(text, CODES), conversation)
        conversation = Conversation(turn["home"], turn["said"])
    return turn


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I need a flight to Vienna", "en"),
        ("ich brauche einen Flug nach Wien", "de"),
        ("necesito un vuelo a Viena", "es"),
        ("naechsten Freitag", "de"),
        ("manana por la manana", "es"),
        ("¿y el lunes?", "es"),
        ("NACH HAMBURG BITTE", "de"),
        ("ich brauche a flight nach Wien", "de"),
        ("I need un vuelo to Lima please", "en"),
        ("me llamo John Smith", "es"),
        ("my name is José García", "en"),
        ("mein Flug ist LH 1234, [EMAIL:1]", "de"),
    ],
)
def test_words_tell_a_language(text: str, code: str) -> None:
    assert guess(text, CODES) == Guess(clear=code)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "2", "12.05.", "ok", "no", "Berlin", "Las Vegas", "El Paso", "Buenos Aires - New York", "LH 1234",
        "Hans Müller", "María García López", "Lufthansa", "British Airways", "[EMAIL:1]", "ann@example.com", "ABC123",
        "?!", "😀", "solo", "super", "https://example.com/der/die/das",
    ],
)  # fmt: skip
def test_names_numbers_and_words_of_several_languages_tell_none(text: str) -> None:
    assert guess(text, CODES) == Guess()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("je voudrais un billet pour demain", "fr"),
        ("vorrei prenotare un volo per due persone", "it"),
        ("quero comprar uma passagem para amanhã", "pt"),
        ("ik wil graag een vlucht boeken", "nl"),
        ("мне нужен билет на завтра", "ru"),
        ("明日の飛行機を予約したいです", "ja"),
    ],
)
def test_a_language_that_we_do_not_speak_is_named(text: str, code: str) -> None:
    assert guess(text, CODES) == Guess(foreign=code)


def test_what_is_spoken_depends_on_who_is_asked() -> None:
    text = "ich brauche einen Flug nach Wien"
    assert guess(text, ("en",)) == Guess(foreign="de")
    assert guess("un vol", CODES).foreign is None, "two words are too few"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("auf Deutsch bitte", "de"),
        ("Deutsch", "de"),
        ("in German please", "de"),
        ("en alemán, por favor", "de"),
        ("Sprechen Sie Deutsch?", "de"),
        ("en español por favor", "es"),
        ("¿Habla español?", "es"),
        ("can we continue in Spanish?", "es"),
        ("könnten wir auf Spanisch weitermachen", "es"),
        ("in English please", "en"),
        ("auf Englisch", "en"),
        ("¿podemos hablar en inglés?", "en"),
        ("Hallo! Auf Englisch bitte.", "en"),
    ],
)
def test_a_wish_for_a_language_is_said_in_any(text: str, code: str) -> None:
    found = guess(text, CODES)
    assert (found.wish, found.only_wish) == (code, True)


def test_a_wish_beside_something_else_is_not_all() -> None:
    found = guess("Auf Deutsch bitte, ich möchte nach Berlin fliegen", CODES)
    assert (found.clear, found.wish, found.only_wish) == ("de", "de", False)


@pytest.mark.parametrize(
    "text", ["I need the receipt in German", "is the crew German?", "mein Pass ist spanisch", "not in English", "hello"]
)
def test_a_language_that_is_only_mentioned_is_no_wish(text: str) -> None:
    assert guess(text, CODES).wish is None


def test_the_first_clear_message_makes_the_home() -> None:
    assert after("hola, necesito un vuelo") == {
        "spoken": "es", "reply": "es", "home": "es", "clear": "es", "said": "es",
    }  # fmt: skip


def test_what_is_unsure_is_in_the_home_language() -> None:
    for text in ("Berlin", "no", "2", "ok"):
        assert after("ich brauche einen Flug", text)["reply"] == "de"


def test_one_message_in_another_language_is_answered_in_it_and_home_stays() -> None:
    once = after("I need a flight", "ich möchte morgen fliegen")
    assert (once["spoken"], once["reply"], once["home"]) == ("de", "de", "en")
    assert after("I need a flight", "ich möchte morgen fliegen", "Berlin")["reply"] == "en"


def test_a_second_one_makes_it_home() -> None:
    twice = ("I need a flight", "ich möchte morgen fliegen", "Berlin", "am Abend bitte")
    assert after(*twice)["home"] == "de"
    assert after(*twice, "ok")["reply"] == "de"


def test_back_in_the_home_language_the_count_begins_anew() -> None:
    there_and_back = ("I need a flight", "ich möchte morgen fliegen", "what does it cost", "am Abend bitte")
    assert after(*there_and_back)["home"] == "en"


def test_a_wish_counts_at_once_and_is_read_in_its_own_language() -> None:
    turn = after("I need a flight", "in German please")
    assert (turn["spoken"], turn["reply"], turn["home"]) == ("en", "de", "de")
    assert after("I need a flight", "auf Deutsch bitte", "Berlin")["reply"] == "de"


def test_a_hint_is_home_until_something_is_clear() -> None:
    assert after("Berlin", home="es")["reply"] == "es"
    assert after("Berlin", "I need a flight", "Madrid", home="es")["reply"] == "en"


def test_a_language_that_we_do_not_speak_changes_nothing() -> None:
    assert after("ich brauche einen Flug", "je voudrais un vol pour demain")["reply"] == "de"


def test_the_first_locale_that_we_speak_is_the_hint() -> None:
    assert hinted(["fr-FR", None, "", "de_AT", "es"], CODES) == "de"
    assert hinted(["fr", "xx"], CODES) is None


def test_languages_have_names() -> None:
    assert (name_of("fr", "en"), name_of("de", "es"), name_of("xx", "en")) == ("French", "alemán", "xx")


@pytest.mark.parametrize("text", ["Grüße aus Köln, ich brauche einen Flug", "ann@example.com, por favor", "gracias 👍"])
def test_a_message_taken_in_twice_is_in_the_same_language(text: str) -> None:
    once = ingest(text, "languages", vault())
    twice = ingest(once.text, "languages", vault())
    said = [guess(leave_out(each.text, once.emoji), CODES) for each in (once, twice)]
    assert said[0] == said[1] and said[0].clear
