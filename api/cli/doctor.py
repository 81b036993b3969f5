"""`taskfold doctor`: whether everything Taskfold needs is as it should be."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from api import logs
from api.cli.check import Check, failed, passed, skipped
from api.cli.database_checks import NAMES, check_database
from api.cli.errors import ChecksFailedError
from api.cli.machine_checks import check_address, check_data_directory, check_secret
from api.settings import SettingsError, load_settings

SETTINGS = "settings"
REST = ("data directory", *NAMES, "secret", "docs address")


def doctor(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """Check settings, data directory, database, schema, clock, secret and address."""
    checks = _examine()
    if as_json:
        print(json.dumps([asdict(check) for check in checks], indent=2))
    else:
        _show(checks)
    problems = sum(check.status == "problem" for check in checks)
    if problems:
        raise ChecksFailedError(problems)


def _examine() -> list[Check]:
    try:
        settings = load_settings()
    except SettingsError as error:
        found = [failed(SETTINGS, problem) for problem in error.problems]
        return [*found, *(skipped(name, "The settings must be right first.") for name in REST)]
    logs.configure(settings)
    return [
        passed(SETTINGS, "Every setting is well-formed."),
        check_data_directory(settings),
        *check_database(settings),
        check_secret(settings),
        check_address(settings),
    ]


def _show(checks: Sequence[Check]) -> None:
    width = max(len(check.name) for check in checks)
    for check in checks:
        print(f"{check.status:<8} {check.name:<{width}}  {check.detail}")
