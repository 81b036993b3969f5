"""The documents as a test reads them: sections, tables, fenced blocks."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
ARCHITECTURE = ROOT / "ARCHITECTURE.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
DOCUMENTS = sorted(ROOT.glob("*.md"))

FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<content>.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`]+)`")
_HEADING = re.compile(r"(?P<level>#+) (?P<title>.+)")
_CELLS = re.compile(r"^\| ?(.*?) ?\|$")
_RULE = re.compile(r"[|: -]+")

type Row = list[str]


def headings(document: Path) -> list[tuple[int, str, int]]:
    """Give each heading's level, title and line, without what only looks like one in code."""
    lines = FENCE.sub(_blanked, document.read_text(encoding="utf-8")).splitlines()
    found = ((number, _HEADING.fullmatch(line)) for number, line in enumerate(lines))
    return [(len(match["level"]), match["title"], number) for number, match in found if match]


def section(document: Path, title: str) -> str:
    """Give what stands under a heading, up to the next one that is as high."""
    found = headings(document)
    place = next(place for place, (_, name, _) in enumerate(found) if name == title)
    level, _, start = found[place]
    end = next((line for other, _, line in found[place + 1 :] if other <= level), None)
    return "\n".join(document.read_text(encoding="utf-8").splitlines()[start + 1 : end])


def rows(text: str) -> list[Row]:
    """Give the rows of all tables in a text, without their heads."""
    return [row for table in _tables(text) for row in table]


def blocks(text: str, language: str) -> list[str]:
    """Give the fenced blocks of a language."""
    return [match["content"] for match in FENCE.finditer(text) if match["language"] == language]


def code(text: str) -> list[str]:
    """Give what stands between backticks outside of fenced blocks."""
    return CODE.findall(FENCE.sub("", text))


def _tables(text: str) -> Iterator[list[Row]]:
    for paragraph in FENCE.sub("", text).split("\n\n"):
        cells = [_CELLS.match(line) for line in paragraph.strip().splitlines()]
        found = [match[1] for match in cells if match]
        if len(found) > 1 and _RULE.fullmatch(found[1]):
            yield [[cell.strip() for cell in line.split("|")] for line in found[2:]]


def _blanked(fence: re.Match[str]) -> str:
    return "\n" * fence[0].count("\n")
