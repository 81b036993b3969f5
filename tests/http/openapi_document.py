"""The OpenAPI document as it was last accepted; `make openapi` accepts it as it is now."""

import json
from pathlib import Path

from api.app import create_app

ACCEPTED = Path(__file__).parent / "openapi.json"


def written() -> str:
    """Write the document as it is now."""
    return json.dumps(create_app().openapi(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    ACCEPTED.write_text(written(), encoding="utf-8")
