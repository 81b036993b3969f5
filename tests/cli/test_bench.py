"""Measuring from the command line."""

import json
from pathlib import Path

import pytest

from api.cli import bench
from tests.benchmarks.arguments import Arguments, parse
from tests.benchmarks.catalogue import chosen
from tests.benchmarks.errors import UnknownBenchmarkError
from tests.benchmarks.scale import SCALES
from tests.cli.commands import taskfold


def test_what_is_installed_without_a_checkout_says_where_to_measure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "CHECKOUT", tmp_path)

    assert taskfold("bench") == 1
    assert "clone the repository and run make bench there" in capsys.readouterr().err


def test_what_was_asked_for_reaches_the_benchmarks_and_how_they_ended_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / bench.BENCHMARKS / "__main__.py"
    program.parent.mkdir(parents=True)
    program.write_text("import json, sys\nprint(json.dumps(sys.argv[1:]))\nsys.exit(3)\n")
    monkeypatch.setattr(bench, "CHECKOUT", tmp_path)

    options = ("--only", "append", "--only", "size", "--slow-fsync", "1.5", "--json")
    assert taskfold("bench", "--scale", "full", "--output", str(tmp_path), *options) == 3

    assert parse(json.loads(capfd.readouterr().out)) == Arguments(
        scale=SCALES["full"],
        only=["append", "size"],
        output=tmp_path,
        slow_fsync=1.5,
        profile=False,
        as_json=True,
    )


def test_a_benchmark_that_is_not_there_is_met_with_those_that_are() -> None:
    with pytest.raises(UnknownBenchmarkError, match="no benchmark 'apend'; choose from append, "):
        chosen(["apend"])


def test_what_takes_very_long_runs_only_when_it_is_named() -> None:
    assert not {"memory", "size"} & chosen([]).keys()
    assert chosen(["size"]).keys() == {"size"}


def test_every_scale_can_be_chosen() -> None:
    assert [*bench.Scale] == [*SCALES]
