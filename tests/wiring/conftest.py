"""What the wiring tests share: the project's root, its files as git sees them, its YAML."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from skycap.settings import ROOT


@pytest.fixture(scope="session")
def files() -> list[Path]:
    """Every file that is or would be committed, absolute."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("Needs git and a clone: run it in one.")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.splitlines() if (ROOT / name).is_file()]


@pytest.fixture(scope="session")
def domain() -> dict[str, Any]:
    """domain.yml as plain data."""
    return YAML(typ="safe").load(ROOT / "domain.yml")
