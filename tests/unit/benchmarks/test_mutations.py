"""The list of faults fits the project: every text stands where the list says, and nothing is run to find out."""

from __future__ import annotations

import pytest

from benchmarks.mutations import BadMutation, Mutation, read_mutations
from skycap.settings import ROOT

MUTATIONS = read_mutations()


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda each: each.name)
def test_every_fault_applies(mutation, tmp_path) -> None:
    text = (ROOT / mutation.file).read_text(encoding="utf-8")
    (tmp_path / mutation.file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / mutation.file).write_text(text, encoding="utf-8")
    mutation.apply(tmp_path)
    changed = (tmp_path / mutation.file).read_text(encoding="utf-8")
    assert changed != text
    if mutation.file.endswith(".py"):
        compile(changed, mutation.file, "exec")


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda each: each.name)
def test_every_conversation_named_exists(mutation) -> None:
    for test in mutation.tests:
        file, _, name = test.partition("::")
        assert name.split("[")[0] in (ROOT / "tests" / "conversations" / file).read_text(encoding="utf-8")


def test_names_are_told_apart_and_most_faults_need_no_training() -> None:
    assert len({each.name for each in MUTATIONS}) == len(MUTATIONS) >= 24
    assert sum(not each.train for each in MUTATIONS) >= 18


@pytest.mark.parametrize("text", ["", "one one"])
def test_a_fault_that_is_not_found_once_is_refused(tmp_path, text) -> None:
    (tmp_path / "file.py").write_text(text, encoding="utf-8")
    with pytest.raises(BadMutation, match="Bring the entry up to date"):
        Mutation("a name", "file.py", "one", "two", ("test.yml",)).apply(tmp_path)
