"""The verbs of `taskfold`, put together."""

from importlib.metadata import version
from typing import Annotated

import typer

from api.cli.bench import bench
from api.cli.closed_streams import let_go_of_closed_streams
from api.cli.doctor import doctor
from api.cli.failures import plainly
from api.cli.log import log
from api.cli.migrate import migrate
from api.cli.projections import projections
from api.cli.serve import serve
from api.cli.stop_signals import stop_signals
from api.cli.token import token
from api.cli.user import user

commands = typer.Typer(
    name="taskfold",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
commands.command(epilog="Example: taskfold serve --port 9000")(serve)
commands.command(epilog="Example: taskfold migrate --check")(migrate)
commands.command(epilog='Example: curl -H "Authorization: Bearer $(taskfold token)" …')(token)
commands.command(epilog="Example: taskfold doctor --json")(doctor)
commands.command(epilog="Example: taskfold bench --scale quick --only append")(bench)
commands.add_typer(log, name="log")
commands.add_typer(projections, name="projections")
commands.add_typer(user, name="user")


def run() -> None:
    """Do what the command line says: a failure is a sentence and an exit code, no stack trace."""
    try:
        with stop_signals(), plainly():
            commands()
    finally:
        let_go_of_closed_streams()


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it with the flag
    if wanted:
        print(f"taskfold {version('taskfold')}")
        raise typer.Exit


@commands.callback()
def taskfold(
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and leave."
        ),
    ] = False,
) -> None:
    """Run an event-sourced task backend: a log in PostgreSQL, and the API on it."""
