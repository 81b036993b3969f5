"""How often a server looks for garbage that refers to itself; requests leave hardly any."""

import gc

ALLOCATIONS = 50_000
"""Objects that must have come into being since; with Python's own 2,000, one list of tasks is
looked through several times, and so is everything that waits with it."""

YOUNG, OLD = 20, 50
"""How often the young are looked through before those that have survived it are, and those before
all the rest."""


def collect_rarely() -> None:
    """Take what is there now for permanent, and look for garbage among the rest seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS, YOUNG, OLD)
