"""What the tests of an initiative's page share."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from tracker.models import Initiative

As = Callable[[str], Client]
Log = Callable[..., Initiative]

WHOLE = {"HX-Request": "true", "HX-Target": "div#initiative"}
ROLES = [
    ("anonymous", 302),
    ("stranger", 404),
    ("other_lead", 404),
    ("viewer", 200),
    ("member", 200),
    ("lead", 200),
    ("group_lead", 200),
    ("superuser", 200),
]
WRITERS = [(role, 403 if role == "viewer" else status) for role, status in ROLES]


def part(name: str) -> dict[str, str]:
    """Return the headers with which htmx asks for one element."""
    return {"HX-Request": "true", "HX-Target": f"dd#{name}"}


def url(it: Initiative, rest: str = "") -> str:
    """Return an address of an initiative."""
    return f"/initiatives/{it.key}/{rest}"


def save(client: Client, it: Initiative, field: str, **data: Any) -> Any:
    """Send a field's editor and return the answer; ``headers`` are htmx's."""
    headers = data.pop("headers", None)
    version = data.pop("version", it.version)
    return client.post(url(it, f"field/{field}/"), {"version": version} | data, headers=headers)
