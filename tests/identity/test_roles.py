from typing import Any

import pytest

from api.identity.roles import roles_of

CLAIMS: list[tuple[dict[str, Any], str, set[str]]] = [
    ({"role": "auditor"}, "role", {"auditor"}),
    ({"role": "auditor,operator user"}, "role", {"auditor", "operator", "user"}),
    ({"role": ["auditor", 7, None]}, "role", {"auditor"}),
    ({"realm": {"access": ["operator"]}}, "realm.access", {"operator"}),
    ({"https://a.b/roles": ["auditor"]}, "https://a.b/roles", {"auditor"}),
    ({}, "role", set()),
    ({"role": {"auditor": True}}, "role", set()),
    ({"realm": "auditor"}, "realm.access", set()),
    ({"role": True}, "role", set()),
    ({"roles": "auditor"}, "role", set()),
]


@pytest.mark.parametrize(("payload", "claim", "roles"), CLAIMS)
def test_roles_are_what_the_configured_claim_says(
    payload: dict[str, Any], claim: str, roles: set[str]
) -> None:
    assert roles_of(payload, claim) == roles
