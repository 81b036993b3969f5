"""Measuring from the command line."""

from pathlib import Path

import pytest

from api.cli import bench
from tests.benchmarks.scale import SCALES
from tests.cli.commands import finished, taskfold


def test_what_is_installed_without_a_checkout_says_where_to_measure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "CHECKOUT", tmp_path)

    assert taskfold("bench") == 1
    assert "clone the repository and run make bench there" in capsys.readouterr().err


def test_a_benchmark_that_is_not_there_is_met_with_those_that_are() -> None:
    done = finished("bench", "--only", "apend")

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "append" in done.stderr


def test_every_scale_can_be_chosen() -> None:
    assert [*bench.Scale] == [*SCALES]
