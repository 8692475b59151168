"""Every address answers everybody as table.txt says; what is denied writes nothing."""

from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from tests.access.walking import ROLES, ask, fingerprint, routes
from tests.access.world import BODIES, address, make_world
from tests.cast import Cast

TABLE = Path(__file__).with_name("table.txt")
DENIED = {"in", "403", "404", "405"}
METHODS_OF = {"GET": ("GET",), "POST": ("POST",), "OTHER": ("PUT", "PATCH", "DELETE")}


def rows() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return expected answers by route and method, one for each role."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for line in TABLE.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            route, method, *answers = line.split()
            assert len(answers) == len(ROLES), line
            found.setdefault(route, {})[method] = tuple(answers)
    return found


def signed_in(cast: Cast, role: str) -> Client:
    client = Client(raise_request_exception=False)
    if role != "anonymous":
        client.force_login(cast.person(role))
    return client


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert set(routes()) == set(rows())


def test_every_row_says_all_methods_and_no_fault() -> None:
    for route, methods in rows().items():
        assert set(methods) == set(METHODS_OF), route
        assert not {"500", "501", "503"} & {word for line in methods.values() for word in line}


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("route", sorted(rows()))
def test_an_address_answers_as_the_table_says(route: str, cast: Cast) -> None:
    world = make_world(cast)
    url = address(route, world)
    clients = {role: signed_in(cast, role) for role in ROLES}
    for kind, expected in rows()[route].items():
        for role, answer in zip(ROLES, expected, strict=True):
            before = fingerprint() if answer in DENIED and kind != "GET" else None
            for method in METHODS_OF[kind]:
                with transaction.atomic():
                    found = ask(clients[role], method, url, BODIES.get(route, {}))
                    assert (method, role, found) == (method, role, answer)
                    if before is not None:
                        assert fingerprint() == before, f"{role} wrote by {method} {url}"
                    transaction.set_rollback(True)


@pytest.mark.django_db
def test_every_form_needs_its_token(cast: Cast) -> None:
    world = make_world(cast)
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.superuser)
    for route, methods in rows().items():
        if methods["POST"][-1] not in {"405", "404"} and not route.startswith("social/"):
            assert (route, client.post(address(route, world)).status_code) == (route, 403)
