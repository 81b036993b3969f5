import pytest

from tests.docs.answers import agree

TASK = '{"id": 1, "created_at": "2026-11-23T04:41:15.866016Z", "order": 1.0}'


@pytest.mark.parametrize(
    "came",
    [
        '{"order":1.0,"created_at":"2031-01-01T00:00:00Z","id":1}',
        '{\n "id": 1,\n "order": 1, "created_at": "2031-01-01T00:00:00.5Z"}\n\n',
    ],
)
def test_json_agrees_however_it_is_laid_out(came: str) -> None:
    assert agree(TASK, came)


@pytest.mark.parametrize(
    "came",
    [
        TASK.replace("1.0", "2.0"),
        TASK.replace('"id": 1', '"id": 1, "more": true'),
        TASK.replace("2026-11-23T04:41:15.866016Z", "yesterday"),
        f"{TASK}\n{TASK}",
        "",
    ],
)
def test_json_that_says_something_else_disagrees(came: str) -> None:
    assert not agree(TASK, came)


def test_lines_left_out_may_be_any() -> None:
    assert agree("a\n…\nb\n…", "a\nb")
    assert agree("a\n…\nb\n…", "a\nx\ny\nb\nz")
    assert not agree("a\n…\nb\n…", "a\nx")


def test_a_table_agrees_whatever_its_width() -> None:
    assert agree(
        " a  | b\n----+---\n 12 | x\n(1 row)\n", " a | b\r\n---+-----\r\n 12 | x  \n\n(1 row)"
    )
