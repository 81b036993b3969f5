import sys
from subprocess import CompletedProcess

import pytest

from tests.setup.checkout import Checkout

_SETTINGS = """
[tool.pytest]
testpaths = ["tests"]
pythonpath = ["."]
addopts = ["-p", "no:cacheprovider"]

[tool.coverage.run]
branch = true
parallel = true
patch = ["subprocess"]
source = ["product"]

[tool.coverage.report]
fail_under = 95
"""

_PRODUCT = "answer = 40\nanswer += 2\n"

_COVERING = """import os, pathlib, subprocess, sys

def test_elsewhere():
    product = pathlib.Path("product/answers.py").resolve()
    subprocess.run([sys.executable, product], cwd="/", check=True)
"""

_LAZY = "def test_nothing():\n    pass\n"
_FAILING = "def test_wrong():\n    assert False\n"


@pytest.fixture
def suite(bare: Checkout) -> Checkout:
    """A checkout with a product to measure, in the environment of this run."""
    (bare.directory / ".venv").symlink_to(sys.prefix)
    (bare.directory / "pyproject.toml").write_text(_SETTINGS)
    for name in ("product", "tests"):
        (bare.directory / name).mkdir()
    (bare.directory / "product/answers.py").write_text(_PRODUCT)
    return bare


def run(suite: Checkout, tests: str, *selected: str) -> CompletedProcess[str]:
    """Run the suite with these tests as its only ones, and see that it takes its data away."""
    (suite.directory / "tests/test_it.py").write_text(tests)
    temporary = suite.home / "temporary"
    temporary.mkdir()
    result = suite.run("sh", ".make/test", *selected, TMPDIR=str(temporary), PYTHON_CPU_COUNT="1")
    assert not list(temporary.glob("tmp*"))
    assert not list(suite.directory.glob(".coverage*"))
    return result


def test_a_process_started_elsewhere_counts_towards_coverage(suite: Checkout) -> None:
    result = run(suite, _COVERING)

    assert result.returncode == 0, result.stdout + result.stderr
    assert "1 passed" in result.stdout


def test_too_little_coverage_fails(suite: Checkout) -> None:
    result = run(suite, _LAZY)

    assert result.returncode != 0
    assert "less than fail-under=95" in result.stdout + result.stderr


def test_a_failing_test_fails(suite: Checkout) -> None:
    result = run(suite, _COVERING + _FAILING)

    assert result.returncode != 0
    assert "1 failed, 1 passed" in result.stdout


def test_a_suite_without_tests_fails(suite: Checkout) -> None:
    assert run(suite, "").returncode != 0


def test_a_selected_part_may_cover_little(suite: Checkout) -> None:
    result = run(suite, _LAZY + _FAILING, "tests/test_it.py", "-k", "nothing")

    assert result.returncode == 0, result.stdout + result.stderr
    assert "1 passed, 1 deselected" in result.stdout
