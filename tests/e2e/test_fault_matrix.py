"""Each database is stopped, slowed, cut off, filled up and damaged, the server killed at each step of a commit, while
travellers talk: what was taken is stored, once, and answered. `make faults` does the same over 300 turns each.
"""

from __future__ import annotations

import json

import pytest

from benchmarks import faults


@pytest.mark.parametrize("store", faults.STORES)
def test_nothing_is_lost_whatever_breaks(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    status = faults.main(["--quick", "--store", store])
    printed = capsys.readouterr().out
    result = json.loads(printed.splitlines()[-1])
    assert status == 0, printed
    assert result["faults"] == len(faults.MATRIX[store])
    assert result["not_stored"] == result["stored_twice"] == result["silent"] == 0
