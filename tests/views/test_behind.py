"""The page behind a mark of the overview."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import TODAY, Cast
from tests.queries.random_work import fill
from tests.views.golden import write_example
from tests.views.overview import words
from tracker.models import Initiative
from tracker.views import kept

Sign = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    kept.forget()
    with time_machine.travel(TODAY, tick=False):
        yield


class TestBehind:
    def test_titles_are_text_on_the_page_and_no_formula_in_the_file(
        self, cast: Cast, as_person: Sign
    ) -> None:
        made = write_example(cast.platform)
        Initiative.objects.filter(pk=made["D"].pk).update(title='=HYPERLINK("x") <img src=x>')
        client = as_person("viewer")

        page = client.get("/teams/platform/behind/?period=2026-q1").content.decode()
        file = client.get("/teams/platform/behind/?period=2026-q1&format=csv").content.decode()

        assert "<img" not in page
        assert "'=HYPERLINK" in file

    def test_all_of_a_period_shows_both_sums_of_the_share(
        self, cast: Cast, as_person: Sign
    ) -> None:
        write_example(cast.platform)

        page = as_person("viewer").get("/teams/platform/behind/?period=2026-q1")

        text = words(page.content.decode())
        assert "Opportunistic 79" in text
        assert "Total of the share 279" in text

    def test_nonsense_shows_all_with_a_notice(self, cast: Cast, as_person: Sign) -> None:
        write_example(cast.platform)

        page = as_person("viewer").get("/teams/platform/behind/?origin=x&trigger=%01&period=1")

        assert page.status_code == 200
        assert page.content.decode().count("callout-warn") == 3

    def test_queries_do_not_grow_with_rows(
        self,
        cast: Cast,
        as_person: Sign,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        client = as_person("viewer")
        for count in (3, 60):
            fill([cast.platform], count, seed=count)
            with django_assert_max_num_queries(11):
                client.get("/teams/platform/behind/?period=2026")
