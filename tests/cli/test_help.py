"""The command line explains itself."""

from importlib.metadata import version

import pytest

from tests.cli.commands import taskfold


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert taskfold("--version") == 0
    assert capsys.readouterr().out == f"taskfold {version('taskfold')}\n"


@pytest.mark.parametrize("verb", ["serve", "migrate", "token", "doctor", "bench"])
def test_every_command_has_an_example(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert taskfold(verb, "--help") == 0
    assert f"taskfold {verb}" in capsys.readouterr().out.partition("Example:")[2]


def test_a_slip_of_the_finger_is_met_with_the_right_verb(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert taskfold("migrat") == 2
    assert "migrate" in capsys.readouterr().err
