"""What a check of the doctor found."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: What was looked at.
        status: "skipped" when something it depends on failed first.
        detail: What was found, and for a problem what to do.
    """

    name: str
    status: Literal["ok", "problem", "skipped"]
    detail: str


def passed(name: str, detail: str) -> Check:
    """Note that all is well."""
    return Check(name=name, status="ok", detail=detail)


def failed(name: str, detail: str) -> Check:
    """Note a problem, and what to do."""
    return Check(name=name, status="problem", detail=detail)


def skipped(name: str, detail: str) -> Check:
    """Note that something else must work first."""
    return Check(name=name, status="skipped", detail=detail)
