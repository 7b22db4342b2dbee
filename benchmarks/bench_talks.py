"""The conversations of `make bench`: bookings with a correction, questions of the FAQ, small talk.

Written for the measurement and drawn from a seed, so that both sides hear the same. Cities, days, people and wordings
vary, so that at most half of the sentences were said before (`repeated` counts): a cache of whole sentences must not
look faster than it is. What repeats is what travellers repeat: answers to a form's questions ("two people", "the first
one", "yes") and greetings. Openings, questions, corrections and people do not. `Writer.unseen` repeats nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

SEED = 20261122
TODAY = date(2027, 3, 1)
TRIES = 25  # to find a sentence that nobody has said

CITIES = (
    "Berlin", "Rome", "Lisbon", "Oslo", "Vienna", "Madrid", "Paris", "Dublin", "Prague", "Warsaw", "Athens", "Zurich",
    "Copenhagen", "Stockholm", "Helsinki", "Budapest", "Brussels", "Amsterdam", "Munich", "Hamburg", "Milan", "Venice",
    "Barcelona", "Porto", "Edinburgh", "Istanbul", "Tokyo", "Singapore", "Chicago", "Boston", "Toronto", "Montreal",
)  # fmt: skip
FIRST = (
    "Nora", "Emil", "Clara", "Hugo", "Ines", "Oscar", "Lena", "Victor", "Marta", "Felix", "Alice", "Simon", "Judith",
    "Martin", "Paula", "Robert", "Sofia", "Thomas", "Helena", "Daniel", "Laura", "Andreas", "Julia", "Philip",
)  # fmt: skip
LAST = (
    "Keller", "Moreau", "Lindgren", "Costa", "Novak", "Walsh", "Fischer", "Romano", "Jensen", "Dubois", "Hughes",
    "Schneider", "Bernard", "Kowalski", "Svensson", "Murphy", "Ferrari", "Weber", "Nilsson", "Carter", "Bianchi",
)  # fmt: skip
OPENINGS = (
    "I'd like to fly from {a} to {b} {day}{back}", "could you find me a flight from {a} to {b} {day}{back}",
    "we have to get from {a} to {b} {day}{back}", "looking for tickets from {a} to {b} {day}{back}",
    "please book a flight {day} from {a} to {b}{back}", "what flies from {a} to {b} {day}{back}",
)  # fmt: skip
ONE_WAY = ("one way", "only one way", "just one way", "no return needed", "one way please", "it's one way")
STARTS = (
    "I need a flight to {b}", "I want to go to {b}", "flights to {b} please", "can you get me to {b}",
    "a ticket to {b}", "I have to be in {b} for work", "we want to spend a few days in {b}", "what do you have to {b}",
)  # fmt: skip
HOMES = ("Berlin", "London", "Madrid", "Paris")  # most travellers of one company live where it is
SOON = ("tomorrow", "on Friday", "next Monday", "next weekend", "in two weeks", "on March 12", "on Saturday")
PEOPLE = ("{n} people", "there are {n} of us", "{n} travellers", "we are {n}", "{n} people please", "for {n} people")
CORRECT_PEOPLE = ("sorry, make it {n} people", "actually we are {n} people", "no wait, {n} people")
CORRECT_DAY = ("actually, leave {day}", "sorry, I meant leaving {day}", "could we leave {day} instead")
CORRECT_PLACE = (
    "no, to {c} please", "sorry, to {c} instead", "actually I want to go to {c}", "actually from {a} to {c}",
    "sorry, I meant from {a} to {c}", "no, from {a} to {c} please",
)  # fmt: skip
CHOICES = (
    "the first one",
    "the cheapest one",
    "number 2",
    "the first flight please",
    "option 1",
    "I take the cheapest",
)
NAMES = ("{first} {last}", "my name is {first} {last}", "it's for {first} {last}", "the traveller is {first} {last}")
MAILS = ("{mail}", "my e-mail is {mail}", "send it to {mail}", "please use {mail}")
PHONES = ("{phone}", "my number is {phone}", "call me on {phone}")
AREAS = (202, 212, 303, 312, 404, 415, 503, 512, 617, 702, 713, 773, 808, 901, 916)
YES = ("yes", "yes please", "yes, book it", "that's right, book it", "please book it", "ok, book it")
ENOUGH = ("thanks", "thank you", "no thanks", "bye", "that's all", "goodbye", "great, thanks")

LEADS = (
    "", "", "tell me, ", "by the way, ", "one more thing: ", "another question: ", "before I forget, ", "and ", "so, ",
    "quick question, ", "excuse me, ", "just checking, ", "also, ", "ah, ", "sorry to ask, ",
)  # fmt: skip
BEFORE = (
    "as my friends in {city} would ask: ", "I am in {city} right now with {hours} bags, ", "on my way to {city}, ",
    "my sister in {city} wants to know: ", "it is raining in {city}, so ", "a colleague has {hours} days in {city}, ",
)  # fmt: skip
ENDS = ("", "", "?", " please?", " on this trip?", " these days?", " in general?", " nowadays?", " by any chance?")
QUESTIONS = (
    "how many suitcases may I check in", "how heavy may my suitcase be", "does my {bag} count as hand luggage",
    "may I carry {liquid} in my hand luggage", "how do I bring {sport} along", "can my {pet} come with me",
    "what do I do if my suitcase got lost", "who pays for a broken {bag}", "may I reserve a seat by the window",
    "can I order a {meal} meal", "what does a baby on my lap cost", "may my {years} year old daughter fly alone",
    "is flying allowed in the {months} month of pregnancy", "can somebody push my wheelchair to the gate",
    "my name has a typo on the ticket, what now", "how do I collect miles", "when does check in open on the internet",
    "when must I be at the airport", "when does boarding begin", "where do I find my boarding pass",
    "do I need a visa for {city}", "how long should a connection in {city} be", "do I get my money back if I cancel",
    "what does it cost to change the ticket", "what do I get when the flight is {hours} hours late",
    "what happens if I miss my flight to {city}", "can I pay with {card}", "can I have an invoice for my company",
    "do you also book hotels in {city}", "can I rent a car in {city}", "do I need travel insurance for {city}",
    "is there wifi on the plane to {city}", "what do you do with my data",
)  # fmt: skip
GREETINGS = (
    "hello", "hi", "good morning", "thanks", "thank you", "how are you?", "are you a robot?", "what's your name?",
    "help", "what can you do?", "tell me a joke", "bye",
)  # fmt: skip
SMALL_TALK = (
    "good evening from {city}", "hi, {first} here", "are you a real person in {city}", "I'm bored here in {city}",
    "do they talk like you in {city}", "tell me a joke about {city}", "nice weather in {city} today",
    "is {city} nicer than {other}", "I like {city} more than {other}", "thank you, {first} says", "do you like {city}",
    "{first} sends thanks", "have you been to {city}", "what do you think of {city}", "I was in {city} with {first}",
)  # fmt: skip
FILLERS = {
    "bag": ("backpack", "handbag", "laptop bag", "trolley", "guitar case", "camera bag"),
    "liquid": ("water", "shampoo", "perfume", "sun cream", "olive oil", "wine"),
    "sport": ("my skis", "a bicycle", "golf clubs", "a surfboard", "diving gear", "a tennis racket"),
    "pet": ("dog", "cat", "rabbit", "parrot", "small dog", "old cat"),
    "meal": ("vegan", "kosher", "halal", "vegetarian", "gluten free", "child's"),
    "years": tuple(map(str, range(6, 16))),
    "months": ("fifth", "sixth", "seventh", "eighth", "ninth"),
    "hours": ("two", "three", "four", "five", "six", "eight"),
    "card": ("PayPal", "Visa", "Mastercard", "American Express", "my bank account", "cash"),
    "city": CITIES,
    "other": CITIES,
    "first": FIRST,
}


@dataclass(frozen=True)
class Talk:
    """One conversation: its kind and the traveller's messages."""

    kind: str
    messages: tuple[str, ...]


class Writer:
    """Writes talks; of what travellers word themselves it takes a wording that was not said yet, while there is one."""

    def __init__(self, seed: int = SEED) -> None:
        self._random = Random(seed)
        self._said: set[tuple[str, ...]] = set()  # the words of each message, sorted

    def talk(self) -> Talk:
        """The next conversation: half of them book."""
        kind = self._random.choices(("booking", "faq", "small talk"), (5, 3, 2))[0]
        if kind == "booking":
            return Talk(kind, tuple(self._booking()))
        if kind == "faq":
            return Talk(kind, (*(self.question() for _ in range(4)), self._pick(ENOUGH)))
        return Talk(kind, tuple(self.small_talk() for _ in range(4)))

    def chat(self, turns: int) -> Talk:
        """One long conversation of questions and small talk."""
        said = [self.small_talk() if self._random.random() < 0.3 else self.question() for _ in range(turns)]
        return Talk("chat", tuple(said))

    def unseen(self) -> Talk:
        """A conversation in which nobody ever said any of the sentences, not in any order of their words."""
        writes = (self._opening, self.question, self._new_day, self.question, self._new_place, self.question)
        return Talk("unseen", tuple(self._never_said(write) for write in writes))

    def question(self) -> str:
        """A question of the FAQ."""
        return self._fresh(lambda: self._pick(LEADS) + self._fill(self._pick(QUESTIONS)) + self._pick(ENDS))

    def small_talk(self) -> str:
        """A greeting and the like, or something that nobody has said."""
        if self._random.random() < 0.5:
            return self._pick(GREETINGS)
        return self._fresh(lambda: self._pick(LEADS) + self._fill(self._pick(SMALL_TALK)) + self._pick(ENDS[:5]))

    def _booking(self) -> Iterable[str]:
        returns = self._random.random() < 0.3
        if self._random.random() < 0.5:
            yield self._fresh(lambda: self._opening(returns=returns))
        else:
            yield from self._step_by_step()
        if not returns:
            yield self._pick(ONE_WAY)
        yield self._pick(PEOPLE).format(n=self._random.randrange(2, 6))
        if self._random.random() < 0.4:
            yield self.question()
        correct = self._pick((self._new_people, self._new_day, self._new_place, None))
        if correct:
            yield self._fresh(correct)
        yield self._pick(CHOICES)
        yield from self._person()
        yield self._pick(YES)
        if self._random.random() < 0.6:
            yield self._pick(ENOUGH)

    def _step_by_step(self) -> Iterable[str]:
        """Where to, where from, when: one at a time, as they are asked."""
        home = self._pick(HOMES)
        yield self._fresh(lambda: self._pick(LEADS[:6]) + self._pick(STARTS).format(b=self._other_than(home)))
        yield self._pick(("{a}", "from {a}")).format(a=home)
        yield self._pick(SOON)

    def _opening(self, *, returns: bool = False) -> str:
        leaves = TODAY + timedelta(self._random.randrange(8, 60))
        back = f", back {self._day(leaves + timedelta(self._random.randrange(6, 14)))}" if returns else ""
        a, b = self._random.sample(CITIES, 2)
        return self._pick(OPENINGS).format(a=a, b=b, day=self._day(leaves), back=back)

    def _new_people(self) -> str:
        return self._pick(CORRECT_PEOPLE).format(n=self._random.randrange(2, 6))

    def _new_day(self) -> str:
        return self._pick(CORRECT_DAY).format(day=self._day(TODAY + timedelta(self._random.randrange(8, 65))))

    def _new_place(self) -> str:
        a, c = self._random.sample(CITIES, 2)
        return self._pick(CORRECT_PLACE).format(a=a, c=c)

    def _person(self) -> Iterable[str]:
        first, last, number = self._pick(FIRST), self._pick(LAST), self._random.randrange(100)
        mail = f"{first}.{last}{number}@example.com".lower()
        phone = f"+1 {self._pick(AREAS)} 555 01{number:02}"
        yield self._fresh(lambda: self._pick(NAMES).format(first=first, last=last))
        yield self._fresh(lambda: self._pick(MAILS).format(mail=mail))
        yield self._fresh(lambda: self._pick(PHONES).format(phone=phone))

    def _day(self, day: date) -> str:
        return self._pick((f"on {day:%B} {day.day}", f"on {day.day} {day:%B}", f"on the {day.day}. of {day:%B}"))

    def _other_than(self, home: str) -> str:
        return self._pick([city for city in CITIES if city != home])

    def _fill(self, template: str) -> str:
        return template.format_map({name: self._pick(values) for name, values in FILLERS.items()})

    def _pick(self, among):
        return self._random.choice(among)

    def _fresh(self, write: Callable[[], str]) -> str:
        """What `write` writes and nobody has said, after so many tries what somebody has."""
        for _ in range(TRIES):
            text = write()
            if words(text) not in self._said:
                break
        self._said.add(words(text))
        return text

    def _never_said(self, write: Callable[[], str]) -> str:
        """What `write` writes, with something said before it."""
        while words(text := self._fill(self._pick(BEFORE)) + write()) in self._said:
            pass
        self._said.add(words(text))
        return text


def words(text: str) -> tuple[str, ...]:
    """The words of a message in an order of their own: two messages of the same words are one."""
    return tuple(sorted(text.casefold().split()))


def repeated(messages: Iterable[str]) -> float:
    """The share of messages that were said before, word for word."""
    said: set[str] = set()
    count = again = 0
    for text in messages:
        count += 1
        again += text in said
        said.add(text)
    return again / max(1, count)
