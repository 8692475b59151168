"""The settings page and the panel refuse what would change a closed period's working days."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tests.admin.support import page, send
from tests.cast import Cast
from tests.views.golden import write_example
from tracker.actions import periods
from tracker.models import Holiday, Team

AsPerson = Callable[[str], Client]


@pytest.fixture
def closed(cast: Cast) -> Team:
    """Give Platform with the first quarter closed."""
    write_example(cast.platform)
    periods.close_due(date(2026, 4, 8))
    return cast.platform


class TestSettings:
    """A lead's own page."""

    def test_adding_a_day_says_which_report_it_would_change(
        self, closed: Team, as_person: AsPerson
    ) -> None:
        """The typed day stays in the form."""
        url = reverse("team_holiday_add", args=[closed.slug])
        response = as_person("lead").post(url, {"holiday-day": "2026-03-03"})
        assert response.status_code == 422
        assert "Mar 2026, which Platform has closed" in response.content.decode()
        assert 'value="2026-03-03"' in response.content.decode()
        assert Holiday.objects.count() == 1

    @pytest.mark.parametrize("target", ["", "#team-holidays"])
    def test_removing_one_says_so_too(self, closed: Team, as_person: AsPerson, target: str) -> None:
        """With and without script."""
        url = reverse("team_holiday_delete", args=[closed.slug, Holiday.objects.get().pk])
        headers = {"HX-Request": "true", "HX-Target": target} if target else {}
        response = as_person("lead").post(url, headers=headers)
        assert response.status_code == 422
        assert "stay as they were reported" in response.content.decode()
        assert Holiday.objects.count() == 1


class TestPanel:
    """The leads' panel."""

    @pytest.mark.parametrize(
        "given", [{"holidays-0-DELETE": "on"}, {"holidays-1-day": "2026-03-03"}]
    )
    def test_it_refuses_both_with_words(
        self, closed: Team, as_person: AsPerson, given: dict[str, str]
    ) -> None:
        """Nothing is stored, and nothing fails."""
        url = page("team", "change", closed.pk)
        response = send(as_person("lead"), url, **given)
        assert response.status_code in {200, 422}
        assert "which Platform has closed" in response.content.decode()
        assert Holiday.objects.count() == 1
