"""Search: the palette's fragment and a page of its own."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast
from tracker.models import Initiative

As = Callable[[str], Client]
Log = Callable[..., Initiative]
PALETTE = {"HX-Request": "true", "HX-Target": "div#search-results"}


class TestSearch:
    def test_asks_to_sign_in(self, cast: Cast, client: Client) -> None:
        assert client.get("/search/").status_code == 302

    def test_works_as_a_page_with_the_words_kept(self, as_person: As, log: Log) -> None:
        log("Rate limits for tenants")

        page = as_person("member").get("/search/?q=tenants+rate").content.decode()

        assert "<html" in page
        assert 'value="tenants rate"' in page
        assert "Rate limits for tenants" in page
        assert "PLAT-1" in page

    def test_gives_the_palette_its_part_only(self, as_person: As, log: Log) -> None:
        log("Rate limits")

        page = as_person("member").get("/search/?q=rate", headers=PALETTE).content.decode()

        assert "<html" not in page
        assert 'id="search-results"' not in page
        assert "Rate limits" in page

    def test_finds_teams_and_pages(self, as_person: As) -> None:
        page = as_person("member").get("/search/?q=plat").content.decode()

        assert 'href="/teams/platform/"' in page

    def test_offers_to_log_what_was_typed_to_those_who_may(self, as_person: As) -> None:
        url = "/search/?q=%3Cb%3E%26+more"

        member = as_person("member").get(url).content.decode()
        viewer = as_person("viewer").get(url).content.decode()

        assert "called “&lt;b&gt;&amp; more”" in member
        assert "title=%3Cb%3E%26%20more" in member
        assert "called" not in viewer

    def test_strangers_find_nothing_of_others(self, as_person: As, log: Log) -> None:
        log("Secret plan")

        page = as_person("stranger").get("/search/?q=secret").content.decode()

        assert "Secret plan" not in page
        assert "PLAT-1" not in page

    @pytest.mark.parametrize("q", ["", "%20", "x" * 5000, "%25", "_", "%27%3B--", "%F0%9F%92%A9"])
    def test_nonsense_is_no_error(self, as_person: As, q: str) -> None:
        assert as_person("member").get(f"/search/?q={q}").status_code == 200

    def test_costs_few_queries(
        self, as_person: As, log: Log, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = as_person("member")
        client.get("/search/")
        for number in range(12):
            log(f"Rate limits {number}")

        # session, person, teams with roles, initiatives
        with django_assert_num_queries(4):
            client.get("/search/?q=rate", headers=PALETTE)
        with django_assert_num_queries(4):
            client.get("/search/?q=PLAT-3", headers=PALETTE)
