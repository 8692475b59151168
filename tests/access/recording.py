"""Writes the table as the product answers now, for whoever adds an address.

Read every line of a difference before it goes into table.txt: the table says what the answers
should be, not what they are.
"""

from typing import Any

from django.db import transaction
from django.test import Client

from tests.access.walking import ROLES, ask, routes
from tests.access.world import BODIES, address
from tests.cast import Cast


def answers(route: str, method: str, cast: Cast, world: dict[str, Any]) -> list[str]:
    """Return the answers to everybody in a word each; what was written is taken back."""
    found = []
    for role in ROLES:
        client = Client(raise_request_exception=False)
        if role != "anonymous":
            client.force_login(cast.person(role))
        with transaction.atomic():
            found.append(ask(client, method, address(route, world), BODIES.get(route, {})))
            transaction.set_rollback(True)
    return found


def table(cast: Cast, world: dict[str, Any]) -> list[str]:
    """Return the lines of the table."""
    lines = []
    for route in sorted(set(routes())):
        for method in ("GET", "POST", "OTHER"):
            asked = "DELETE" if method == "OTHER" else method
            words = " ".join(f"{word:>4}" for word in answers(route, asked, cast, world))
            lines.append(f"{route:42} {method:5} {words}")
    return lines
