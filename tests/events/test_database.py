import pytest
from psycopg.conninfo import conninfo_to_dict

from events.database import SIGNS_OF_LIFE, Pool, conninfo


def test_a_connection_that_dies_without_a_word_is_noticed() -> None:
    given = conninfo_to_dict(conninfo("postgresql://db/tasks", application_name="x"))
    assert given["application_name"] == "x"
    assert {name: int(str(given[name])) for name in SIGNS_OF_LIFE} == SIGNS_OF_LIFE


@pytest.mark.parametrize("name", SIGNS_OF_LIFE)
def test_what_the_url_says_of_it_goes_before(name: str) -> None:
    given = conninfo_to_dict(conninfo(f"postgresql://db/tasks?{name}=7", application_name="x"))
    assert given[name] == "7"
    others = SIGNS_OF_LIFE.keys() - {name}
    assert {int(str(given[other])) for other in others} == {SIGNS_OF_LIFE[o] for o in others}


@pytest.mark.anyio
async def test_the_connections_of_a_pool_give_signs_of_life(pool: Pool) -> None:
    async with pool.connection() as connection:
        assert connection.info.get_parameters().keys() >= SIGNS_OF_LIFE.keys()
