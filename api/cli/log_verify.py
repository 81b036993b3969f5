"""`taskfold log verify`: whether every event is as it was written, and where it was."""

import asyncio
import json
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from api import logs
from api.cli.count import counted
from api.cli.errors import LogMissingError, LogsTamperedError
from api.cli.files import readable
from api.cli.log_database import current_database, log_pool
from api.cli.progress import progress
from api.settings import Settings, load_settings
from events.audit import Audited, audit
from events.database import Pool
from events.finding import Finding
from events.log_size import log_size
from events.seal import check_seal, read_header
from events.seal_audit import audit_seal

SHOWN = 1_000
"""Findings that are told one by one; there may be as many as there are logs."""


@dataclass(slots=True)
class Report:
    """What was looked at, and what was found."""

    events: int = 0
    logs: int = 0
    sealed_logs: int = 0
    problems: int = 0
    findings: list[Finding] = field(default_factory=list[Finding])

    def note(self, step: Audited) -> None:
        """Take in what a step has found."""
        self.problems += len(step.findings)
        self.findings += step.findings[: SHOWN - len(self.findings)]


def verify(
    *,
    user: Annotated[str | None, typer.Option(help="Only this user's log.")] = None,
    seal: Annotated[
        Path | None, typer.Option(help="Compare with a seal made before, too.", metavar="FILE")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """Verify that nobody has edited, removed, inserted or reordered an event."""
    settings = load_settings()
    logs.configure(settings)
    with nullcontext() if seal is None else readable(seal) as sealed:
        if sealed is not None:
            check_seal(sealed)
        with current_database(settings) as found:
            report = asyncio.run(_verify(settings, found.url, user, sealed))
        if as_json:
            print(json.dumps(asdict(report), ensure_ascii=False))
        else:
            _show(report, sealed)
    if report.problems:
        raise LogsTamperedError(report.problems)


async def _verify(settings: Settings, url: str, user: str | None, seal: BinaryIO | None) -> Report:
    report = Report()
    async with log_pool(settings, url) as pool:
        await _verify_chains(pool, user, report)
        if seal is not None:
            async for step in audit_seal(pool, seal, user):
                report.sealed_logs += step.logs
                report.note(step)
    if user is not None and not (report.logs or report.sealed_logs or report.problems):
        raise LogMissingError(user)
    return report


async def _verify_chains(pool: Pool, user: str | None, report: Report) -> None:
    with progress("Verifying", "events", await log_size(pool, user)) as advance:
        async for step in audit(pool, user):
            report.events += step.events
            report.logs += step.logs
            report.note(step)
            advance(step.events)


def _show(report: Report, seal: BinaryIO | None) -> None:
    for finding in report.findings:
        print(finding)
    if report.problems > len(report.findings):
        print(f"… and {report.problems - len(report.findings):,} more.")
    print(f"Verified {counted(report.events, 'event')} in {counted(report.logs, 'log')}.")
    if seal is not None:
        made = read_header(seal).created_at
        print(f"Compared {counted(report.sealed_logs, 'log')} with the seal of {made}.")
