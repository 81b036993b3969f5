"""What can go wrong with a run of the benchmarks: one class per reason."""


class BenchmarkError(Exception):
    """The root of all of them; each message says what to do."""


class SubjectFailedError(BenchmarkError):
    """A process that was measured has ended."""

    def __init__(self, name: str, last_words: str) -> None:
        self.name = name
        super().__init__(f"{name} has ended while it was measured; it said: {last_words}")


class UnknownBenchmarkError(BenchmarkError):
    """There is no benchmark of that name."""

    def __init__(self, name: str, known: str) -> None:
        self.name = name
        super().__init__(f"There is no benchmark {name!r}; choose from {known}.")


class UnavailableError(BenchmarkError):
    """Something that a reference needs is not to be had on this machine."""
