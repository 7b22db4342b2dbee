"""What a language has to say about people who travel: the shape of `languages/<code>/people.yml`.

Place in the flow: `find.py` reads a table of this shape.
"""

from dataclasses import dataclass

ADULT, CHILD, INFANT = "adult", "child", "infant"


@dataclass(frozen=True)
class PeopleWords:
    """The words of one language. Patterns are regular expressions over folded text; `@num` is a number."""

    numbers: dict[str, int]
    zeros: tuple[str, ...]  # "zero"
    articles: dict[str, int]  # numbers only before a person: "a friend"
    kinds: dict[str, str]  # "kids": child
    relatives: dict[str, tuple[str, int]]  # "wife": (adult, 1), "parents": (adult, 2); 0 needs a number before it
    more: str  # may stand between a number and a person: "two more friends"
    owner: str  # "my": stands before a relative
    adjective: str
    possessive: str  # follows somebody who does not fly: "my wife's name"
    myself: str
    beside: str  # "with": stands before those who come along
    beneficiary: str  # "for": stands before those who fly
    joint: str  # stands between two travellers
    comes_along: str  # follows somebody who flies too: "my sister comes along"
    brings: str  # stands before somebody who flies too: "we're bringing"
    stays: str  # follows somebody who does not: "my sister can't come"
    added: tuple[str, ...]  # a number on top of those who fly: "@num more people"
    removed: tuple[str, ...]  # a number of those who do not after all: "@num person less"
    and_i: str  # stands before such a number where everybody is named: "me and two more people"
    wholes: tuple[str, ...]  # a number that is everybody: "party of @num"
    checked: tuple[str, ...]  # the same, unless `not_count` follows: "for @num"
    fixed: dict[str, int]  # a phrase that is a number: "just me"
    not_count: str  # what follows a number that counts no people
    range_joint: str  # between two numbers: "2 or 3 days"
    asked_fixed: dict[str, int]
    asked_tail: str  # may follow such an answer: "just me, thanks"
    asked_not_before: str  # what stands before a number that counts no people: "option"
    alone: str = ""  # what must follow somebody at the beginning who is everybody: "my mother, please"; empty: anything
    articles_count: bool = False  # "ein Erwachsener und ein Kind" are two people
