"""Every table of this folder, for migrations: importing it makes their metadata whole."""

import re

from projections.control_tables import GenerationTable
from projections.registry import PROJECTIONS

METADATA = GenerationTable.metadata

_OTHER_GENERATION = re.compile(rf"({'|'.join(PROJECTIONS)})_g[0-9]+")


def is_other_generation(table: str) -> bool:
    """Tell whether a table holds rows that a rebuild is making or has replaced."""
    return _OTHER_GENERATION.fullmatch(table) is not None
