"""The lint of NLU examples: each fault is found at its line, and good sentences pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from skycap.validate.sentences import FEWEST_SENTENCES, Sentence, check_sentences, read_sentences

ENTITIES = {"city": {"origin", "destination"}, "airline": set()}
FILLER = ["hello number " + "x" * number for number in range(1, FEWEST_SENTENCES + 1)]


def sentences(intent: str, texts: list[str], file: str = "data/nlu/en/some.yml") -> list[Sentence]:
    return [Sentence(intent, text, file, line) for line, text in enumerate(texts, start=7)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("to [Rome](city)", None),
        ('to [Rome]{"entity": "city", "role": "origin"}', None),
        ("my address is [EMAIL:1]", None),
        ("to [Rome](cty)", "the entity cty"),
        ('to [Rome]{"entity": "city", "role": "start"}', "the role start"),
        ("to [Rome] (city)", "broken annotation"),
        ("to [](city)", "broken annotation"),
        ("to [Rome(city)", "broken annotation"),
        ("to [Rome]{entity: city}", "no JSON"),
        ("to [ ](city)", "marks nothing as city"),
        ("", "is empty"),
    ],
)
def test_an_annotation_is_checked_against_the_domain(text, expected):
    found = check_sentences(sentences("greet", [*FILLER, text]), ENTITIES)
    if expected is None:
        assert found == []
    else:
        assert [each.where for each in found] == ["data/nlu/en/some.yml:17"]
        assert expected in found[0].what
        assert found[0].advice and found[0].is_error


@pytest.mark.parametrize(
    ("text", "again", "same"),
    [
        ("find a flight", "Find a flight!", True),
        ("to [Rome](city)", "to Rome", True),
        ("one way", "one-way", False),
        ("thats it", "that's it", False),
        ("?!", "?!", True),
    ],
)
def test_a_sentence_said_twice_is_found(text, again, same):
    found = check_sentences(sentences("greet", [*FILLER, text, again]), ENTITIES)
    assert [each.where for each in found] == (["data/nlu/en/some.yml:18"] if same else [])


def test_languages_are_counted_and_compared_each_by_itself():
    german = sentences("deny", [*FILLER, "no"], file="data/nlu/de/some.yml")
    english = sentences("affirm", [*FILLER, "no"])
    assert check_sentences([*german, *english], ENTITIES) == []
    few = check_sentences([*german[:3], *english], ENTITIES)
    assert [each.where for each in few] == ["data/nlu/de/some.yml:7"]


def test_a_sentence_in_two_intents_names_both():
    one = sentences("affirm", [*FILLER, "sure"], "data/nlu/en/one.yml")
    two = sentences("thank", [*(text + " two" for text in FILLER), "Sure."], "data/nlu/en/two.yml")
    (found,) = check_sentences([*one, *two], ENTITIES)
    assert found.where == "data/nlu/en/two.yml:17"
    assert "thank here and affirm in data/nlu/en/one.yml:17" in found.what


def test_an_intent_with_few_sentences_is_an_error_and_an_unbalanced_one_a_warning():
    few = check_sentences(sentences("greet", FILLER[:-1]), ENTITIES)
    assert [(each.is_error, "fewest" in each.what) for each in few] == [(True, True)]
    many = sentences("inform", [f"number {'y' * number}" for number in range(1, 402)])
    unbalanced = check_sentences([*many, *sentences("greet", FILLER)], ENTITIES)
    assert [(each.is_error, "inform has 401 sentences" in each.what) for each in unbalanced] == [(False, True)]


def test_sentences_are_read_with_their_lines(tmp_path: Path):
    file = tmp_path / "data" / "nlu" / "en" / "greet.yml"
    file.parent.mkdir(parents=True)
    file.write_text(
        '# what\nversion: "3.1"\n\nnlu:\n  - intent: greet\n    examples: |\n      - hi\n\n      - hello [Rome](city)\n'
    )
    found, faults = read_sentences(tmp_path)
    assert faults == []
    assert [(each.raw, each.where) for each in found] == [
        ("hi", "data/nlu/en/greet.yml:7"),
        ("hello [Rome](city)", "data/nlu/en/greet.yml:9"),
    ]


def test_a_file_that_is_no_yaml_is_a_finding_with_its_line(tmp_path: Path):
    file = tmp_path / "data" / "nlu" / "broken.yml"
    file.parent.mkdir(parents=True)
    file.write_text('nlu:\n- intent: "greet\n')
    found, faults = read_sentences(tmp_path)
    assert found == []
    assert [each.where.split(":")[0] for each in faults] == ["data/nlu/broken.yml"]
