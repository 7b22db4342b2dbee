"""One skill, one stem in every folder; and names said on one side exist on the other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rasa.shared.core.constants import DEFAULT_ACTION_NAMES
from rasa_sdk.executor import ActionExecutor
from ruamel.yaml import YAML

from flights.trip import BOOKING, PERSON, TRIP
from skycap.settings import ROOT
from skycap.validate.project import validate_project
from skycap.validate.replies import named_responses, responses_of_code

SKILLS = sorted(path.stem for path in (ROOT / "data" / "rules").glob("*.yml"))
SPOKEN = sorted(f"data/nlu/{path.name}" for path in (ROOT / "data" / "nlu").iterdir() if path.is_dir())
# Files of a folder that belong to no skill alone.
SHARED_BY_SKILLS = {
    **{folder: {"faq", "smalltalk"} for folder in SPOKEN},  # answered by the rules of `shared`
    "tests/conversations": {"abuse", "language", "repeat", "smalltalk"},  # of every skill
    "actions": {"remarks", "offers", "__init__"},  # what any reply may say first; the flights the booking is about
}
FOLDERS = {  # folder: (pattern, whether every skill must be there)
    **dict.fromkeys(SPOKEN, ("*.yml", True)),
    "data/rules": ("*.yml", True),
    "data/stories": ("*.yml", False),  # a skill whose rules decide everything needs no story
    "actions": ("*.py", True),
    "tests/conversations": ("test_*.yml", True),
}


def stems(folder: str) -> list[str]:
    """The files' stems; in front of that of a test that is held in another language than English stands its code."""
    pattern, _ = FOLDERS[folder]
    codes = "|".join(Path(each).name for each in SPOKEN)
    return sorted(re.sub(rf"^test_(?:(?:{codes})_)?", "", path.stem) for path in (ROOT / folder).glob(pattern))


def skill_of(stem: str) -> str | None:
    return next((skill for skill in SKILLS if stem == skill or stem.startswith(f"{skill}_")), None)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_file_belongs_to_a_skill_and_every_skill_has_its_file(folder):
    shared = SHARED_BY_SKILLS.get(folder, set())
    own = [stem for stem in stems(folder) if stem not in shared and stem.split("_")[0] not in shared]
    assert [stem for stem in own if skill_of(stem) is None] == []
    if FOLDERS[folder][1]:
        assert {skill_of(stem) for stem in own} == set(SKILLS)


def said_in_training_data() -> set[str]:
    said = set()
    for path in [*(ROOT / "data" / "rules").glob("*.yml"), *(ROOT / "data" / "stories").glob("*.yml")]:
        data = YAML(typ="safe").load(path)
        blocks = [*(data.get("rules") or []), *(data.get("stories") or [])]
        said |= {step["action"] for block in blocks for step in block["steps"] if "action" in step}
    return said


def form_slots(domain) -> list[str]:
    return [slot for form in domain["forms"].values() for slot in form["required_slots"]]


def test_every_response_of_the_domain_is_said_somewhere(domain):
    said = responses_of_code(ROOT, form_slots(domain)) | said_in_training_data()
    silent = [name for name in domain["responses"] if name not in said and name.split("/")[0] not in said]
    assert silent == []


def test_every_response_named_in_code_and_rules_exists(domain):
    known = set(domain["responses"]) | {name.split("/")[0] for name in domain["responses"]}
    said = {name for name in said_in_training_data() if name.startswith("utter_")} | named_responses(ROOT)
    assert sorted(said - known) == []


def test_every_question_of_the_form_is_a_response_or_an_action(domain):
    asked = {f"utter_ask_{slot}" for slot in form_slots(domain)} & set(domain["responses"])
    acted = {f"action_ask_{slot}" for slot in form_slots(domain)} & set(domain["actions"])
    questions = {name.split("_ask_", 1)[1] for name in asked | acted}
    assert questions >= {"destination", "origin", "departure_date", "return_date", "passengers", *PERSON}
    assert questions >= {"place_choice", "confirm_trip", "selected_flight", "confirm_booking"}


def test_the_domain_lists_exactly_the_actions_there_are(domain):
    executor = ActionExecutor()
    executor.register_package("actions")
    ours = [name for name, run in executor.actions.items() if type(run.__self__).__module__.startswith("actions.")]
    assert sorted(domain["actions"]) == sorted(ours)  # other tests define actions too


def test_every_action_of_a_rule_or_story_exists(domain):
    known = {*domain["actions"], *domain["forms"], *DEFAULT_ACTION_NAMES}
    assert sorted(name for name in said_in_training_data() if not name.startswith("utter_") and name not in known) == []


def test_the_slots_of_the_business_and_of_the_form_are_slots_of_the_domain(domain):
    assert {*TRIP, *BOOKING, *PERSON, *form_slots(domain)} <= set(domain["slots"])


def test_every_reply_in_a_place_where_rasa_would_retrain_nothing_but_dialogue():
    # Responses inside data/ would change the NLU fingerprint: a reworded reply would train NLU again.
    with_responses = [path for path in (ROOT / "data").rglob("*.yml") if "responses" in YAML(typ="safe").load(path)]
    assert with_responses == []


def test_the_project_is_valid():
    findings = validate_project(Path(ROOT))
    assert [str(each) for each in findings if each.is_error] == []
