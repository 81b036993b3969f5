"""Checkouts for the tests of the set-up."""

from pathlib import Path

import pytest

from tests.setup.checkout import PYTHON, UV, Checkout, new_checkout


@pytest.fixture
def bare(tmp_path: Path) -> Checkout:
    """A checkout on a machine with neither uv nor Python."""
    return new_checkout(tmp_path)


@pytest.fixture
def checkout(bare: Checkout) -> Checkout:
    """A checkout on a machine with both."""
    bare.program("uv", f'exec "{UV}" "$@"')
    bare.program("python3.13", f'exec "{PYTHON}" "$@"')
    return bare
