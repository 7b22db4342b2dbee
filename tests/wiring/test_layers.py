"""Imports point one way: the contracts of pyproject.toml hold."""

from __future__ import annotations

import subprocess
import sys

from skycap.settings import ROOT


def test_every_import_points_downward():
    lint = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    ended = subprocess.run(
        [sys.executable, "-c", lint, "--no-cache", "--config", "pyproject.toml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "broken" in ended.stdout, "import-linter checked nothing"
