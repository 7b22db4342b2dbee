"""Which responses the code says, found in its syntax trees."""

from __future__ import annotations

from pathlib import Path

from skycap.validate.replies import named_responses, responses_of_code


def project(root: Path) -> Path:
    for file, text in {
        "actions/booking.py": 'say(response="utter_booked")\nsay(response=f"utter_ask_{slot}")\n# utter_comment\n',
        "skycap/ingest.py": 'REFUSAL = "utter_empty_message"\nKEY = "utter_action"\n',
        "flights/reading/days.py": 'problem("date_in_past")\n',
    }.items():
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_responses_named_in_full_are_found_and_comments_are_not(tmp_path):
    assert named_responses(project(tmp_path)) == {"utter_booked", "utter_empty_message"}


def test_questions_of_the_form_and_problems_of_reading_count_as_said(tmp_path):
    said = responses_of_code(project(tmp_path), ["origin"])
    of_the_slot = {"utter_ask_origin", "utter_explain_origin"}
    assert said == {"utter_booked", "utter_empty_message", "utter_date_in_past", *of_the_slot}
