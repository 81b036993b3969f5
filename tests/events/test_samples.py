"""Every payload version ever written, kept as it was written: none of these files ever changes."""

from pathlib import Path

import pytest

from events.codec import SCHEMA_VERSIONS, decode, encode
from events.tasks import TaskEvent

SAMPLES = Path(__file__).parent.parent / "samples"

TODAY = list(SCHEMA_VERSIONS.items())
EVER = [(class_, version) for class_, today in TODAY for version in range(1, today + 1)]


def sample(class_: type[TaskEvent], version: int) -> str:
    return (SAMPLES / f"{class_.__name__}.v{version}.json").read_text(encoding="utf-8").strip()


@pytest.mark.parametrize(("class_", "version"), EVER)
def test_every_version_ever_written_is_read_as_todays_fact(
    class_: type[TaskEvent], version: int
) -> None:
    assert type(decode(class_.__name__, version, sample(class_, version))) is class_


@pytest.mark.parametrize(("class_", "today"), TODAY)
def test_a_fact_cannot_change_its_shape_without_a_new_version(
    class_: type[TaskEvent], today: int
) -> None:
    text = sample(class_, today)
    assert text.encode() == encode(decode(class_.__name__, today, text))


def test_no_sample_is_of_a_version_nobody_knows() -> None:
    known = {f"{class_.__name__}.v{version}.json" for class_, version in EVER}
    assert known == {path.name for path in SAMPLES.iterdir()}
