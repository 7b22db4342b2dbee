"""Each database is stopped or locked, refuses calls, is cut off and damaged, the server killed after a commit, while
travellers talk: what was taken is stored, once, and answered. `make faults` does it with every fault over 300 turns.
"""

from __future__ import annotations

import json

import pytest

from benchmarks import faults

FAULTS = ("stopped", "locked", "refuses", "cut", "killed after the commit", "damaged")  # a minute for each store


@pytest.mark.parametrize("store", faults.STORES)
def test_nothing_is_lost_whatever_breaks(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = [word for fault in FAULTS for word in ("--fault", fault)]
    status = faults.main(["--quick", "--store", store, *chosen])
    printed = capsys.readouterr().out
    result = json.loads(printed.splitlines()[-1])
    assert status == 0, printed
    assert result["faults"] == sum(name.startswith(FAULTS) for name in faults.MATRIX[store]) >= 4
    assert result["not_stored"] == result["stored_twice"] == result["silent"] == 0
