"""/api/docs: the documentation page, with everything it needs, so that it works offline."""

from collections.abc import Mapping
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse

PATH = "/api/docs"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""Swagger UI sets style attributes; it needs nothing else inline."""

REVALIDATED = "public, no-cache"

_OWN = Path(__file__).parent / "docs"
_MEDIA_TYPES: Mapping[str, str] = {"html": "text/html", "js": "text/javascript", "css": "text/css"}

router = APIRouter(prefix=PATH, include_in_schema=False)


@router.get("")
async def docs() -> FileResponse:
    """Serve the documentation page."""
    return _file(_OWN / "page.html")


@router.get("/start.js")
async def start() -> FileResponse:
    """Serve what starts Swagger UI on the page."""
    return _file(_OWN / "start.js")


@router.get("/swagger-ui-bundle.js")
async def swagger_ui() -> FileResponse:
    """Serve Swagger UI."""
    return _file(_swagger_ui() / "swagger-ui-bundle.js")


@router.get("/swagger-ui.css")
async def swagger_ui_style() -> FileResponse:
    """Serve the looks of Swagger UI."""
    return _file(_swagger_ui() / "swagger-ui.css")


@cache
def _swagger_ui() -> Path:
    # Of this package only the files are used: it carries a copy of Swagger UI.
    return Path(str(distribution("fastapi-offline").locate_file("fastapi_offline/static")))


def _file(path: Path) -> FileResponse:
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": REVALIDATED}
    return FileResponse(path, media_type=_MEDIA_TYPES[path.suffix[1:]], headers=headers)
