"""How fast the disk is: what a flush takes, which every figure about writes rests on."""

import os
import time
from pathlib import Path
from statistics import median

BLOCK = b"x" * 8192


def flush_time(directory: Path, times: int = 50) -> float:
    """Give the median of what writing and flushing a block takes, in microseconds."""
    file = directory / "flushed"
    took: list[float] = []
    with file.open("wb", buffering=0) as stream:
        for _ in range(times):
            stream.seek(0)
            stream.write(BLOCK)
            began = time.perf_counter()
            os.fdatasync(stream.fileno())
            took.append(time.perf_counter() - began)
    file.unlink()
    return 1e6 * median(took)
