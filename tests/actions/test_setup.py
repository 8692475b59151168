"""The first set-up: once, for good, and all or nothing."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection

from tracker.actions.setup import AlreadySetUp, forget_setup_code, set_up, setup_code
from tracker.models import Membership, Organisation, Role, Team, User

GIVEN: dict[str, Any] = {
    "organisation": {"name": "Acme", "reporting_zone": "Europe/Berlin", "fiscal_start_month": 4},
    "name": "Ines Kurz",
    "email": "ines@example.org",
    "password": "correct horse battery staple",
    "team_name": "Platform",
    "key_prefix": "PLAT",
}


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.SETUP_CODE = ""


@pytest.mark.django_db
class TestSetUp:
    def test_makes_the_organisation_the_first_lead_and_the_first_team(self) -> None:
        lead, team = set_up(**GIVEN)

        org = Organisation.objects.get()
        assert (org.name, org.reporting_zone, org.fiscal_start_month) == (
            "Acme",
            "Europe/Berlin",
            4,
        )
        assert lead.is_superuser
        assert lead.is_staff
        assert lead.check_password("correct horse battery staple")
        assert Membership.objects.get(user=lead, team=team).role == Role.LEAD
        assert (team.slug, team.path) == ("platform", f"/{team.pk}/")
        assert EmailAddress.objects.get(user=lead).verified

    def test_a_second_set_up_is_refused_and_changes_nothing(self) -> None:
        set_up(**GIVEN)

        with pytest.raises(AlreadySetUp):
            set_up(**GIVEN | {"email": "mallory@example.org", "organisation": {"name": "Evil"}})

        assert Organisation.objects.get().name == "Acme"
        assert [user.email for user in User.objects.all()] == ["ines@example.org"]

    def test_a_failure_half_way_leaves_the_installation_empty(self) -> None:
        User.objects.create_user("ines@example.org")

        with pytest.raises(Exception, match=r"(?i)unique"):
            set_up(**GIVEN)

        assert not Organisation.objects.exists()
        assert not Team.objects.exists()

    def test_a_name_without_latin_letters_gets_a_slug_from_the_prefix(self) -> None:
        _, team = set_up(**GIVEN | {"team_name": "東京", "key_prefix": "TOK"})

        assert team.slug == "tok"

    @pytest.mark.django_db(transaction=True)
    def test_of_many_at_the_same_moment_one_gets_through(self) -> None:
        start = Barrier(4)

        def run(number: int) -> bool:
            start.wait()
            try:
                set_up(**GIVEN | {"email": f"{number}@example.org"})
            except AlreadySetUp:
                return False
            finally:
                connection.close()
            return True

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(run, range(4))) == [False, False, False, True]
        assert User.objects.filter(is_superuser=True).count() == 1


class TestSetupCode:
    def test_is_made_once_and_readable_by_its_owner_only(self, tmp_path: Path) -> None:
        code = setup_code()

        assert len(code) >= 24
        assert setup_code() == code
        assert (tmp_path / "setup-code").stat().st_mode & 0o077 == 0

    def test_comes_from_the_environment_where_several_servers_share_it(self, settings: Any) -> None:
        settings.SETUP_CODE = "shared"

        assert setup_code() == "shared"

    def test_is_gone_after_the_set_up(self, tmp_path: Path, db: None) -> None:
        setup_code()
        set_up(**GIVEN)

        assert not (tmp_path / "setup-code").exists()
        forget_setup_code()  # a second time does no harm
