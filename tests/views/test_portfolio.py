"""The portfolio page."""

import csv
import re
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tracker.models import Initiative, Organisation, Team, TeamCounter, User, WorkSegment

URL = "/portfolio/"
HTMX = {"HX-Request": "true", "HX-Target": "portfolio"}
SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel("2026-09-18T10:00:00Z"):
        yield


def work(team: Team, origin: str, pd: int, title: str = "Work") -> Initiative:
    """Log work of some days in July 2026 at so many thousandths of an FTE."""
    found: Initiative = Initiative.objects.create(
        team=team,
        number=TeamCounter.take_numbers(team.pk),
        title=title,
        origin=origin,
        status="active",
        committed_on="2026-07-01",
        estimate_mpd=pd * 1000,
    )
    WorkSegment.objects.create(
        initiative=found, starts_on="2026-07-01", ends_before="2026-07-15", fte_milli=pd * 100
    )
    return found


@pytest.fixture
def worked(cast: Cast) -> Cast:
    """Platform at 60 of 100 pd, Checkout at 5 of 50."""
    work(cast.platform, "opportunistic", 60)
    work(cast.platform, "planned", 40)
    work(cast.checkout, "opportunistic", 5)
    work(cast.checkout, "planned", 45)
    return cast


def text(response: Any) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", response.content.decode()).replace("\u202f", " ")


class TestPortfolio:
    def test_shows_each_team_and_their_ratio_of_sums(self, worked: Cast, as_person: SignIn) -> None:
        page = re.sub(r" +", " ", text(as_person("group_lead").get(URL)))
        assert "Both teams are outside their band: Platform derailed , Checkout rigid" in page
        assert "Together 43.3 % (65 of 150 pd), above the common band of 20–35 %." in page
        assert "60 of 100" in page
        assert "5 of 50" in page

    def test_a_person_sees_only_own_teams(self, worked: Cast, as_person: SignIn) -> None:
        page = text(as_person("viewer").get(URL))
        assert "Platform" in page
        assert "Checkout" not in page
        assert "60 of 100" in page
        assert "65 of 150" not in page

    def test_what_is_kept_for_one_is_not_shown_to_another(
        self, worked: Cast, as_person: SignIn
    ) -> None:
        as_person("group_lead").get(URL)
        assert "Checkout" not in text(as_person("viewer").get(URL))

    def test_a_stranger_learns_how_to_get_in(self, cast: Cast, as_person: SignIn) -> None:
        response = as_person("stranger").get(URL)
        assert response.status_code == 200
        assert "You are in no team yet" in text(response)

    def test_without_work_the_next_step_is_shown(self, cast: Cast, as_person: SignIn) -> None:
        page = text(as_person("group_lead").get(URL))
        assert "No team has logged work yet" in page

    def test_anonymous_people_are_sent_to_sign_in(self, cast: Cast, as_person: SignIn) -> None:
        response = as_person("anonymous").get(URL)
        assert response.status_code == 302
        assert "/accounts/login/" in response["Location"]

    def test_takes_no_post(self, cast: Cast, as_person: SignIn) -> None:
        assert as_person("lead").post(URL).status_code == 405

    def test_an_edit_shows_at_once_although_the_page_was_kept(
        self, worked: Cast, as_person: SignIn
    ) -> None:
        client = as_person("group_lead")
        client.get(URL)
        work(worked.checkout, "opportunistic", 50)
        assert "55 of 100" in text(client.get(URL))

    def test_a_new_band_shows_at_once(self, worked: Cast, as_person: SignIn) -> None:
        client = as_person("group_lead")
        client.get(URL)
        org = Organisation.objects.get()
        org.band_upper = 490
        org.save()
        assert "inside the common band of 20–49 %" in text(client.get(URL))

    def test_htmx_gets_the_region_only(self, worked: Cast, as_person: SignIn) -> None:
        response = as_person("group_lead").get(f"{URL}?weight=count", headers=HTMX)
        body = response.content.decode()
        assert body.strip().startswith('<div id="portfolio">')
        assert "<html" not in body
        assert response["HX-Push-Url"] == "/portfolio/?weight=count&period=2026-q3"
        assert "HX-Request" in response["Vary"]

    def test_another_target_gets_the_whole_page(self, worked: Cast, as_person: SignIn) -> None:
        headers = {**HTMX, "HX-Target": "elsewhere"}
        assert "<html" in as_person("group_lead").get(URL, headers=headers).content.decode()

    def test_the_address_chooses_measure_weight_and_period(
        self, worked: Cast, as_person: SignIn
    ) -> None:
        address = f"{URL}?measure=intake-gross&weight=count&period=2026-q3&order=tree"
        page = text(as_person("group_lead").get(address))
        assert "Intake, gross by count, 2026 Q3 to date, in the order of the groups." in page
        assert "1 of 2" in page

    @pytest.mark.parametrize(
        "query", ["measure=x", "weight=🦊", "period=9999-q9", "kind=<b>", "order='", "period="]
    )
    def test_nonsense_falls_back_with_a_notice(
        self, worked: Cast, as_person: SignIn, query: str
    ) -> None:
        response = as_person("group_lead").get(f"{URL}?{query}")
        assert response.status_code == 200
        assert ("callout-warn" in response.content.decode()) == (query != "period=")

    def test_rows_lead_to_the_team_and_to_what_is_behind_a_sum(
        self, worked: Cast, as_person: SignIn
    ) -> None:
        client = as_person("group_lead")
        html = client.get(URL).content.decode()
        links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/teams/[^"]+)"', html)]
        assert "/teams/platform/?period=2026-q3" in links
        behind = "/teams/platform/behind/?measure=capacity&weight=effort&period=2026-q3"
        assert behind in links
        assert "60 of 100" in text(client.get(behind)) or "100" in text(client.get(behind))

    def test_csv_holds_every_row_and_runs_nothing(self, worked: Cast, as_person: SignIn) -> None:
        Team.objects.filter(pk=worked.checkout.pk).update(name="=HYPERLINK(1)")
        response = as_person("group_lead").get(f"{URL}?format=csv")
        assert response["Content-Type"].startswith("text/csv")
        rows = list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))
        names = [row[0] for row in rows]
        assert names == ["Team", "Platform", "'=HYPERLINK(1)", "Engineering", "All teams"]
        assert rows[1][3] == "60 of 100"

    def test_names_are_escaped(self, worked: Cast, as_person: SignIn) -> None:
        Team.objects.filter(pk=worked.checkout.pk).update(name='<img src=x onerror="a">')
        html = as_person("group_lead").get(URL).content.decode()
        assert "<img src=x" not in html
        assert "&lt;img src=x" in html

    def test_no_attribute_breaks_the_policy(self, worked: Cast, as_person: SignIn) -> None:
        html = as_person("group_lead").get(URL).content.decode()
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style", html)


class TestQueries:
    def _count(self, user: User, address: str = URL) -> int:
        client = Client()
        client.force_login(user)
        Organisation.current()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    @pytest.mark.parametrize("who", ["group_lead", "superuser"])
    def test_a_kept_portfolio_takes_three(self, worked: Cast, who: str) -> None:
        self._count(worked.person(who))
        assert self._count(worked.person(who)) <= 3

    @pytest.mark.parametrize("measure", ["capacity", "intake-net", "delivered"])
    def test_a_new_one_takes_eleven_however_many_teams(self, worked: Cast, measure: str) -> None:
        for number in range(20):
            name = f"team-{number}"
            Team.objects.create(name=name, slug=name, key_prefix=f"TM{number}", parent=worked.group)
        assert self._count(worked.group_lead, f"{URL}?measure={measure}") <= 11
