"""Numbers of things, as people write them."""


def counted(number: int, noun: str) -> str:
    """Write a number and what it counts: 1 log, 2,000 logs."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
