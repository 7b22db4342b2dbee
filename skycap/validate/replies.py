"""Which responses of domain.yml the code says: Rasa sees only those that stand in rules and stories.

Reads the syntax trees of actions/, skycap/ and flights/reading; imports none of them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

RESPONSE = re.compile(r"utter_[a-z0-9_]*[a-z0-9](/[a-z0-9_]+)?")
NOT_RESPONSES = {"utter_action", "utter_message"}  # a key of Rasa's metadata, a method of the SDK


def constants(folder: Path) -> Iterator[str]:
    """Every string written in the Python files below `folder`."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def named_responses(root: Path) -> set[str]:
    """Responses that the code names in full."""
    texts = [text for folder in ("actions", "skycap") for text in constants(root / folder)]
    return {text for text in texts if RESPONSE.fullmatch(text)} - NOT_RESPONSES


def responses_of_code(root: Path, form_slots: Iterable[str]) -> set[str]:
    """Every response that the code can say: named in full, `utter_ask_<slot>` and `utter_explain_<slot>` for a slot of
    a form, and `utter_<problem>` for a problem that flights/reading names (a superset: any word there counts)."""
    asked = {f"utter_{act}_{slot}" for slot in form_slots for act in ("ask", "explain")}
    problems = {f"utter_{text}" for text in constants(root / "flights" / "reading") if text.isidentifier()}
    return named_responses(root) | asked | problems
