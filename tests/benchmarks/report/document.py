"""Findings as JSON, together with what they were found on."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from tests.benchmarks.findings import Comparison, Finding, Value


def document(findings: Sequence[Finding], conditions: Mapping[str, object]) -> str:
    """Give everything that was found, as JSON."""
    machine = {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.process_cpu_count(),
    }
    whole = {
        "conditions": {**machine, **conditions},
        "findings": [_finding(found) for found in findings],
    }
    return json.dumps(whole, indent=2)


def _finding(found: Finding) -> dict[str, Any]:
    members: dict[str, Any] = {"kind": type(found).__name__.lower(), **asdict(found)}
    match found:
        case Comparison():
            members |= {"ratios": found.ratios, "ratio": found.ratio, "reached": found.reached}
        case Value():
            members |= {"median": found.median}
        case _:
            pass
    return members
