from dataclasses import fields
from inspect import getdoc

import pytest

from events.cloud_event import CloudEvent
from events.codec import SCHEMA_VERSIONS
from events.tables import SCHEMA, Event
from projections.registry import PROJECTIONS
from projections.tables import METADATA
from tests.docs.documents import ARCHITECTURE, README, code, rows, section

CHAPTER = "The tables you may query"
TABLES = {**Event.metadata.tables, **METADATA.tables}


def test_the_readme_lists_every_event_type_with_its_data() -> None:
    types = [
        [
            f"`{class_.__name__}`",
            ", ".join(f"`{field.name}`" for field in fields(class_)),
            getdoc(class_),
        ]
        for class_ in SCHEMA_VERSIONS
    ]
    assert types == rows(section(README, CHAPTER))


@pytest.mark.parametrize("name", ["event", "task", "task_change", "daily_activity"])
def test_the_readme_names_every_column_people_may_query(name: str) -> None:
    columns = TABLES[f"{SCHEMA}.{name}"].columns
    assert set(columns.keys()) <= set(code(section(README, CHAPTER)))


def test_the_architecture_lists_every_table() -> None:
    ours = {f"`{table.name}`" for table in TABLES.values()}
    chapter = rows(section(ARCHITECTURE, "The tables (schema `taskfold`)"))
    assert ours == {row[0] for row in chapter}


def test_the_readme_lists_every_projection_with_its_mode() -> None:
    projections = [[f"`{each.name}`", str(each.mode)] for each in PROJECTIONS.values()]
    assert projections == [row[:2] for row in rows(section(README, "Projections"))]


def test_the_readme_names_every_field_of_an_export() -> None:
    table = rows(section(README, "Proof, and a way out"))
    assert {field for row in table for field in code(row[0])} == set(CloudEvent.__struct_fields__)
