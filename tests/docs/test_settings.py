from pydantic.fields import FieldInfo

from api.data_directory import SYSTEM_DATA_DIR
from api.setting_problems import variables
from api.settings import Settings
from tests.docs.documents import README, code, rows, section

FOUND_OUT = "found out at the start, so told in words"


def shown_default(field: FieldInfo) -> str:
    """The default as the table shows it."""
    if field.default_factory is not None:
        return FOUND_OUT
    return "unset" if field.default in {None, ()} else f"`{field.default}`"


def test_the_readme_lists_every_setting_and_nothing_else() -> None:
    settings = [
        [
            ", ".join(f"`{variable}`" for variable in variables(Settings)[name]),
            shown_default(field),
            field.description,
        ]
        for name, field in Settings.model_fields.items()
    ]
    documented = [
        [setting, FOUND_OUT if " " in default else default, purpose]
        for setting, default, purpose in rows(section(README, "Settings"))
    ]
    assert settings == documented


def test_the_readme_says_where_data_goes_by_default() -> None:
    places = code(section(README, "Where the data lives"))
    assert {str(SYSTEM_DATA_DIR), "~/.local/share/taskfold"} <= set(places)
