"""Every language has every table, and its expressions compile."""

from __future__ import annotations

import pytest

from flights import tables
from flights.languages import codes


@pytest.mark.parametrize("code", codes())
def test_a_language_is_complete(code: str) -> None:
    tables.build(code)
