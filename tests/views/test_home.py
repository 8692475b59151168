"""The front door."""

from collections.abc import Callable

import pytest
from django.test import Client

As = Callable[[str], Client]


class TestHome:
    @pytest.mark.parametrize(
        ("role", "leads_to"),
        [
            ("anonymous", "/accounts/login/?next=/"),
            ("member", "/teams/platform/"),
            ("group_lead", "/portfolio/"),
            ("superuser", "/portfolio/"),
            ("stranger", "/portfolio/"),
        ],
    )
    def test_leads_to_the_own_team_or_to_all(self, as_person: As, role: str, leads_to: str) -> None:
        assert as_person(role).get("/").headers["Location"] == leads_to
