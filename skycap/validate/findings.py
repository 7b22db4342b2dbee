"""What a check found: where, what, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One finding. `where` is a file below the project's root, with a line where there is one.

    An error fails the check, a warning does not.
    """

    where: str
    what: str
    advice: str
    is_error: bool = True

    def __str__(self) -> str:
        return f"{'error' if self.is_error else 'warning'}: {self.where}: {self.what} {self.advice}"
