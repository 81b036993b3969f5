import re
from pathlib import Path

import pytest

from tests.docs.documents import CODE, DOCUMENTS, FENCE, ROOT, headings

LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
PATH = re.compile(r"[\w.{}*-]+(/[\w.{}*-]+)+/?|[\w-]+\.(py|md|toml|lock)|Makefile|LICENSE")
FOLDERS = {path.name for path in ROOT.iterdir() if path.is_dir()}
CODE_FOLDERS = sorted(folder for folder in FOLDERS if not folder.startswith("."))


def anchors(document: Path) -> set[str]:
    """Give where links into a document may lead, named in GitHub's way."""
    titles = (title for _, title, _ in headings(document))
    return {re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-") for title in titles}


def links() -> list[tuple[str, str]]:
    """Give every link that stays in the project, and the document it is in."""
    return [
        (document.name, target)
        for document in DOCUMENTS
        for target in LINK.findall(FENCE.sub("", document.read_text(encoding="utf-8")))
        if "://" not in target
    ]


def named_paths() -> list[tuple[str, str]]:
    """Give every path into the project that a document names, and the document."""
    return [
        (document.name, text)
        for document in DOCUMENTS
        for text in CODE.findall(FENCE.sub("", document.read_text(encoding="utf-8")))
        if PATH.fullmatch(text) and ("/" not in text or text.partition("/")[0] in FOLDERS)
    ]


@pytest.mark.parametrize(("document", "target"), sorted(set(links())))
def test_a_link_leads_somewhere(document: str, target: str) -> None:
    name, _, anchor = target.partition("#")
    there = ROOT / (name or document)
    assert there.exists()
    assert not anchor or anchor in anchors(there)


@pytest.mark.parametrize(("document", "path"), sorted(set(named_paths())))
def test_a_path_in_a_document_exists(document: str, path: str) -> None:
    inside = (found for folder in CODE_FOLDERS for found in (ROOT / folder).rglob(path))
    assert (ROOT / path).exists() or any(inside), document
