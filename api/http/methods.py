"""Which methods a path knows, whichever of its routes was asked."""

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.types import Scope


def allowed_methods(app: FastAPI, scope: Scope) -> list[str]:
    """List the methods of a request's path, in alphabetical order."""
    path = scope["path"].removeprefix(scope.get("root_path", "").rstrip("/"))
    routes = [route for route in iter_route_contexts(app.routes) if route.path_regex.match(path)]
    # A path of its own is none of those that a parameter stands for.
    own = [route for route in routes if route.path == path]
    methods = {method for route in own or routes for method in route.methods or ()}
    if "GET" in methods:
        methods.add("HEAD")
    return sorted(methods | {"OPTIONS"})
