import re
import tomllib
from typing import Any

from tests.docs.documents import ARCHITECTURE, CONTRIBUTING, ROOT, blocks, code, section

ARROW = "──►"
MAKE = re.compile(r"make ([\w-]+)")


def contract(identity: str) -> dict[str, Any]:
    """Give a contract about imports by its id."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts: list[dict[str, Any]] = project["tool"]["importlinter"]["contracts"]
    return next(each for each in contracts if each["id"] == identity)


def test_the_picture_of_imports_is_the_contract_of_the_build() -> None:
    [picture] = [
        block for block in blocks(section(ARCHITECTURE, "The picture"), "") if ARROW in block
    ]
    layers = [layer.strip() for layer in picture.splitlines()[0].split(ARROW)]
    assert layers == contract("direction")["layers"]


def test_the_boxes_of_the_picture_are_the_packages_of_the_layers() -> None:
    [picture] = blocks(section(ARCHITECTURE, "The picture"), "mermaid")
    boxes = re.findall(r"^    subgraph (\w+)", picture, re.MULTILINE)
    layers = contract("direction")["layers"]
    assert set(boxes) == {package for layer in layers for package in layer.split(" | ")}


def test_the_targets_of_make_are_told() -> None:
    targets = re.findall(r"^([\w-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    told = {match[1] for text in code(CONTRIBUTING.read_text()) if (match := MAKE.match(text))}
    assert set(targets) - {"help"} == told
