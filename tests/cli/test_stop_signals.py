"""A request to end is understood at every moment, from the first import on."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from api.cli.stop_signals import StopRequested, stop_signals

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize(
    ("verb", "code"), [("serve", 0), ("projections', 'run", 0), ("migrate", 130)]
)
def test_a_signal_while_libraries_are_imported_leaves_no_stack_trace(
    verb: str, code: int, number: int
) -> None:
    script = (
        "import os, sys; from api.cli import main; "
        f"main.import_module = lambda _: os.kill(os.getpid(), {number}); "
        f"sys.argv = ['taskfold', '{verb}']; main.app()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stderr) == (code, "")


def test_a_second_signal_does_not_interrupt_what_cleans_up_after_the_first() -> None:
    steps: list[str] = []
    with stop_signals():
        try:
            signal.raise_signal(signal.SIGTERM)
            steps.append("never reached")
        finally:
            signal.raise_signal(signal.SIGTERM)
            steps.append("cleaned up")
    assert steps == ["cleaned up"]


def test_a_request_to_stop_is_what_libraries_take_for_control_c() -> None:
    assert issubclass(StopRequested, KeyboardInterrupt)


def test_signals_mean_what_they_meant_before_when_it_is_over() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with stop_signals():
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before
