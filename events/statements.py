"""SQL from the `.sql` files that stand beside the code using them."""

from importlib.resources import files
from typing import LiteralString, cast


def statement(package: str, name: str) -> LiteralString:
    """Load `<package>/sql/<name>.sql`; the text is the project's own, so it counts as literal."""
    text = files(package).joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
    return cast("LiteralString", text)
