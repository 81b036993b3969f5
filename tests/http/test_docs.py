import re
from typing import Any

import httpx2
import pytest

from api.app import create_app
from api.http.batch_bodies import BatchRequest
from api.http.body import RequestBody
from api.http.problem_types import PROBLEM_TYPES
from api.http.task_bodies import NewTask, TaskPatch, TaskReplacement
from api.http.task_view import Task

pytestmark = pytest.mark.anyio

OPERATIONS = {
    "createTask": ("post", "/api/tasks"),
    "listTasks": ("get", "/api/tasks"),
    "deleteTasks": ("delete", "/api/tasks"),
    "getTask": ("get", "/api/tasks/{task_id}"),
    "replaceTask": ("put", "/api/tasks/{task_id}"),
    "changeTask": ("patch", "/api/tasks/{task_id}"),
    "deleteTask": ("delete", "/api/tasks/{task_id}"),
    "completeTask": ("post", "/api/tasks/{task_id}/complete"),
    "setCompletion": ("patch", "/api/tasks/{task_id}/complete"),
    "reopenTask": ("post", "/api/tasks/{task_id}/reopen"),
    "restoreTask": ("post", "/api/tasks/{task_id}/restore"),
    "undoTask": ("post", "/api/tasks/{task_id}/undo"),
    "undoEvent": ("post", "/api/events/{sequence}/undo"),
    "getHistory": ("get", "/api/tasks/{task_id}/history"),
    "getActivity": ("get", "/api/activity"),
    "getLiveness": ("get", "/api/health/live"),
    "getReadiness": ("get", "/api/health/ready"),
    "getMetrics": ("get", "/api/metrics"),
    "listProblems": ("get", "/api/problems"),
    "getProblem": ("get", "/api/problems/{code}"),
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app().openapi()


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        operation["operationId"]: operation
        for path in document["paths"].values()
        for operation in path.values()
    }


def test_the_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    assert document["info"]["title"] == "Taskfold"


def test_operation_ids_stay_what_clients_were_generated_from(document: dict[str, Any]) -> None:
    found = {
        operation["operationId"]: (method, path)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    assert found.items() >= OPERATIONS.items()


def test_every_task_operation_needs_a_bearer_token(document: dict[str, Any]) -> None:
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    for operation in operations(document).values():
        if operation["tags"] in (["tasks"], ["history"], ["alias"]):
            assert operation["security"] == [{"bearer": []}]


def test_every_problem_is_documented_with_its_media_type(document: dict[str, Any]) -> None:
    documented: set[str] = set()
    for operation in operations(document).values():
        for status, response in operation["responses"].items():
            if status == "default" or int(status) >= 400:
                (media_type,) = response["content"]
                assert media_type == "application/problem+json"
                documented |= response["content"][media_type].get("examples", {}).keys()
    # The last one is only ever the problem of one command of a batch.
    elsewhere = {"malformed-request", "method-not-allowed", "failed-dependency"}
    assert documented == PROBLEM_TYPES.keys() - elsewhere


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    found = re.findall(r"'#/components/schemas/(\w+)'", str(document))
    assert set(found) == document["components"]["schemas"].keys()


@pytest.mark.parametrize(
    ("operation", "model"),
    [
        ("createTask", NewTask),
        ("replaceTask", TaskReplacement),
        ("changeTask", TaskPatch),
        ("carryOutBatch", BatchRequest),
    ],
)
def test_the_examples_of_bodies_are_accepted(
    document: dict[str, Any], operation: str, model: type[RequestBody]
) -> None:
    content = operations(document)[operation]["requestBody"]["content"]
    assert content
    for media_type in content.values():
        for example in media_type["examples"].values():
            model.model_validate(example["value"])


def test_the_example_of_a_task_is_one(document: dict[str, Any]) -> None:
    (example,) = document["components"]["schemas"]["Task"]["examples"]
    assert Task.model_validate(example).model_dump(mode="json") == example


async def test_the_document_is_served(
    anonymous: httpx2.AsyncClient, document: dict[str, Any]
) -> None:
    assert (await anonymous.get("/api/openapi.json")).json() == document


async def test_the_page_and_all_it_loads_come_from_here(anonymous: httpx2.AsyncClient) -> None:
    page = await anonymous.get("/api/docs")
    assert page.headers["content-type"].startswith("text/html")
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    loaded.remove("data:,")
    assert len(loaded) == 3
    for address in loaded:
        answer = await anonymous.get(str(page.url.join(address)))
        assert answer.status_code == 200
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-type"].split(";")[0] in {"text/css", "text/javascript"}


async def test_the_page_allows_no_inline_script(anonymous: httpx2.AsyncClient) -> None:
    page = await anonymous.get("/api/docs")
    assert "script-src 'self';" in page.headers["content-security-policy"]
    assert not re.search(r"<script(?![^>]*src)|\son\w+=", page.text)
