"""What is said of a rebuild, a rollback, or a verification of a read table."""

import json

from api.cli.count import counted
from api.cli.rebuilding import Rebuilt
from events.database import Pool
from projections.rebuild.verdict import Verdict, verdict
from projections.registry import AnyProjection
from projections.verification.comparison import Comparison, Difference


def report(projection: AnyProjection, rebuilt: Rebuilt, *, as_json: bool) -> None:
    """Say what has become of a rebuild or rollback."""
    print(json.dumps(_facts(rebuilt)) if as_json else _sentence(projection, rebuilt))


async def tell_differences(pool: Pool, projection: AnyProjection) -> None:
    """List the rows that stand in the way of a switch."""
    async with pool.connection() as connection:
        found = await verdict(connection, projection.name)
    for comparison, table in ((found.coming, "new"), (found.live, "live")):
        show_differences(f"{projection.name} ({table})", comparison)


def show_differences(table: str, comparison: Comparison) -> None:
    """List the rows of a table that history does not give, none with what it holds."""
    for difference in comparison.shown:
        print(f"{table}, {_described(difference)}")
    if comparison.differences > len(comparison.shown):
        print(f"… and {comparison.differences - len(comparison.shown):,} more.")


def differences(comparison: Comparison) -> list[dict[str, object]]:
    """Give the rows that differ for a script."""
    return [
        {"key": dict(each.key), "what": each.what, "columns": each.columns}
        for each in comparison.shown
    ]


def content(comparison: Comparison) -> str:
    """Name what a table holds: its rows, and a hash over them."""
    return f"{counted(comparison.found.rows, 'row')}, content {comparison.found.hash:016x}"


def _described(difference: Difference) -> str:
    # Quoted, since ids are the identity provider's and may hold anything.
    key = ", ".join(f"{name} {value!r}" for name, value in difference.key)
    columns = f" in {', '.join(difference.columns)}" if difference.columns else ""
    return f"{key}: {difference.what}{columns}"


def _sentence(projection: AnyProjection, rebuilt: Rebuilt) -> str:
    name, rate = projection.name, rebuilt.events / rebuilt.seconds
    return (
        f"Table {rebuilt.generation.generation} of {name} is live: "
        f"{counted(rebuilt.events, 'event')} in {rebuilt.seconds:,.1f} s ({rate:,.0f}/s). "
        f"{_judged(rebuilt.verdict)}\n"
        f"The one before is kept: `taskfold projections rollback {name}` goes back to it, "
        f"`taskfold projections drop {name}` gives its space back."
    )


def _judged(verdict: Verdict | None) -> str:
    if verdict is None:
        return "It was verified and switched to by another process."
    rows, differences = content(verdict.coming), verdict.live.differences
    if differences:
        return f"It holds {rows}; {counted(differences, 'row')} of the table before it differed."
    return f"It holds {rows}, and equals history and the table before it."


def _facts(rebuilt: Rebuilt) -> dict[str, object]:
    facts: dict[str, object] = {
        "name": rebuilt.generation.name,
        "generation": rebuilt.generation.generation,
        "events": rebuilt.events,
        "seconds": round(rebuilt.seconds, 3),
        "events_per_second": round(rebuilt.events / rebuilt.seconds),
    }
    if rebuilt.verdict is None:
        return facts
    coming, live = rebuilt.verdict.coming, rebuilt.verdict.live
    return facts | {
        "rows": coming.found.rows,
        "hash": f"{coming.found.hash:016x}",
        "differences": live.differences,
        "shown": differences(live),
    }
