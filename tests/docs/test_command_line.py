from collections.abc import Iterator
from typing import Any

from typer.core import TyperGroup
from typer.main import get_command

from api.cli.verbs import commands
from tests.docs.documents import README, Row, rows, section


def documented(name: str, command: Any) -> Iterator[Row]:  # noqa: ANN401 - typer keeps the type of a verb to itself
    """Give the row of a command, and those of its verbs."""
    options = [option for parameter in command.params for option in parameter.opts]
    shown = " ".join(f"`{name if name[0] == '-' else name.upper()}`" for name in options)
    yield [f"`{name}`", shown, command.help]
    if isinstance(command, TyperGroup):
        for verb, below in command.commands.items():
            yield from documented(f"{name} {verb}", below)


def test_the_readme_lists_every_verb_with_its_options_and_nothing_else() -> None:
    table = list(documented("taskfold", get_command(commands)))
    assert table == rows(section(README, "Command line"))
