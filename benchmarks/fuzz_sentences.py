"""What travellers of the random walks may say: templates for every intent, fitting answers, wrong ones, and odd ones.

Reads the state of a conversation (what is asked, which buttons were shown), writes the next message. Everything is
drawn from the generator passed in, so that a walk can be repeated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

CITIES = (
    "Rome", "Berlin", "London", "Paris", "New York", "Lisbon", "Oslo", "Tokyo", "Los Angeles", "Vienna", "Nice", "Bangkok",
    "Portland", "San Jose", "Birmingham", "Mexico City", "berln", "JFK", "lhr", "Sydney", "Cape Town", "Atlantis", "Italy",
)  # fmt: skip
DAYS = (
    "tomorrow", "next Friday", "on December 8", "the 15th", "in two weeks", "on Sunday", "2026-12-20", "this weekend",
    "yesterday", "on February 30", "in three years", "today", "Monday", "a week later", "end of the month",
)  # fmt: skip
PEOPLE = ("two", "just me", "3 people", "two adults and a child", "12 people", "0 people", "my wife and I", "9", "one")
CABINS = ("in business class", "economy please", "first class", "premium economy", "any class")
AIRLINES = ("with Lufthansa", "only Delta", "not Ryanair", "any airline", "British Airways please")
TIMES = ("in the morning", "around 6 pm", "after 14:00", "at night", "any time", "at 25:00")
KINDS = ("nonstop only", "stops are fine", "it must be refundable", "it doesn't have to be refundable")
ANSWERS: dict[str, Sequence[str]] = {
    "destination": ("to {city}", "{city}", "{city} please", "I want to go to {city}"),
    "origin": ("from {city}", "{city}", "I live in {city}", "{city} airport"),
    "departure_date": ("{day}", "leaving {day}", "{day} {time}"),
    "return_date": ("{day}", "back {day}", "one way", "no", "a week later"),
    "passengers": ("{people}", "{people} please", "we are {people}"),
    "place_choice": ("the first one", "yes", "the second", "{city}", "Maine", "in Oregon", "no"),
    "confirm_trip": ("yes", "no", "ok", "make it {people}"),
    "selected_flight": (
        "the first one",
        "option 2",
        "the cheapest",
        "number 3",
        "the fastest please",
        "yes",
        "option 9",
    ),
    "passenger_name": ("Anna Schmidt", "my name is Li Wei", "José García López", "Bob", "it's for Jean-Luc O'Neil"),
    "contact_email": ("anna@example.com", "it's bob.li@mail.example.org", "anna at example", "I have none"),
    "contact_phone": ("+49 30 1234567", "0034 911 234 567", "12", "call me on +1 202 555 0100"),
    "confirm_booking": ("yes", "yes", "book it", "no", "yes please", "👍", "yes, but {day}", "looks good"),
}
MOVES: dict[str, Sequence[str]] = {
    "search": (
        "I need a flight", "a flight from {city} to {city}", "to {city} from {city} {day} for {people}", "fly me to {city}",
        "one way from {city} to {city} {day}, {people}", "from {city} to {city} {day} coming back {day}", "{city} - {city}",
        "{people} {cabin} to {city} {time}", "I want to visit {city} {day}, {airline}", "cheap flights to {city}",
        "one way from Berlin to Rome in two weeks, two people", "round trip London to Paris {day}",
    ),
    "correct": (
        "no, to {city}", "sorry, from {city}", "actually {day}", "make it {people}", "{cabin}", "{airline}", "{time}",
        "{kind}", "I'd rather come back {day}", "one way after all", "I need a return too", "not {city}", "leave {day}",
        "the name is Carla Rossi", "my e-mail is carla@example.net", "my phone number is +39 06 1234567", "the other way",
        "no, the second one", "change the date", "change the destination", "go back",
    ),
    "ask": (
        "can I bring my dog?", "how much luggage can I take?", "do I need a visa?", "can I choose my seat?", "is it refundable?",
        "when does it arrive?", "which airport does it leave from?", "are you a robot?", "tell me a joke", "what can you do?",
        "help", "repeat that please", "thanks", "hello", "show me my booking", "is flight LH 400 on time?", "how are you?",
        "do you have wifi on board?", "how long is the flight?", "I want to change my booking", "cancel my booking",
        "what is the status of flight ZZ 9999?", "can I talk to a human?", "how do I pay?", "are bags included?",
    ),
    "choose": ("more options", "anything cheaper?", "the first one", "option 3", "the Lufthansa one", "the latest one"),
    "agree": ("yes", "ok", "no", "nope", "sure", "never mind", "maybe", "I don't know", "👍", "👎", "that one is fine"),
    "leave": ("stop", "start over", "goodbye", "forget it", "cancel", "let's start again", "bye for now"),
    "other": (
        "what is the square root of 144?", "order me a pizza", "who won the match?", "you idiot", "asdf qwer", "blorp",
        "buy me some shares", "what's the weather in {city}?", "I love you", "sing a song", "my cat is grey",
    ),
    "odd": (
        "", " ", "🛫🌍🎉", "...", "?", "0", "-1", "/restart", "/inform{{\"passengers\": 99}}", "{{destination}}", "%s%n",
        "\u200b\u0007", "'; DROP TABLE bookings; --", "<script>alert(1)</script>", "Ich möchte nach {city} fliegen",
        "quiero volar a {city} mañana", "我想买一张去罗马的机票", "Здравствуйте", "flight " * 250, "x" * 10_000, "a\nb\nc",
        "null", "None", "Rome Paris London Madrid Oslo", "١٢٣", "1e9 people", "to to to from from", "9" * 40, "ROM BER",
    ),
}  # fmt: skip
WEIGHTS = {"answer": 44, "button": 9, "search": 9, "correct": 12, "ask": 9, "choose": 4, "agree": 4, "leave": 3,
           "other": 3, "odd": 4, "wait": 1}  # fmt: skip
WAITS = (25, 90, 1500)  # minutes: the hold runs out, the session ends, the next day


def next_move(random: Random, slots: Mapping[str, Any], buttons: Sequence[str]) -> tuple[str, str]:
    """The kind of the next move and its message; for "wait" the minutes in digits."""
    kind = random.choices(tuple(WEIGHTS), tuple(WEIGHTS.values()))[0]
    asked = slots.get("requested_slot")
    if kind == "wait":
        return kind, str(random.choice(WAITS))
    if kind == "button" and buttons:
        return kind, random.choice(buttons)
    if kind in ("answer", "button"):
        kind = "answer" if asked in ANSWERS else "search"
    return kind, filled(random, random.choice(ANSWERS[asked] if kind == "answer" else MOVES[kind]))


def filled(random: Random, template: str) -> str:
    """The template with a city, a day … drawn for each of its names."""
    lists = {"{city}": CITIES, "{day}": DAYS, "{people}": PEOPLE, "{cabin}": CABINS, "{airline}": AIRLINES, "{time}": TIMES,
             "{kind}": KINDS}  # fmt: skip
    for name, values in lists.items():
        while name in template:
            template = template.replace(name, random.choice(values), 1)
    return template.replace("{{", "{").replace("}}", "}")
