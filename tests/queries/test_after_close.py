"""A change that moves a closed month says so on the initiative's page."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client

from tests.cast import Cast
from tests.views.golden import write_example
from tracker.actions import initiatives, periods, segments
from tracker.models import Initiative, WorkSegment
from tracker.queries.after_close import moved_after_close


@pytest.fixture
def closed(cast: Cast) -> dict[str, Initiative]:
    """Write the worked example and close its months."""
    with time_machine.travel(datetime(2026, 3, 30, tzinfo=UTC), tick=False):
        made = write_example(cast.platform)
    with time_machine.travel(datetime(2026, 4, 8, 9, tzinfo=UTC), tick=False):
        periods.close_due(date(2026, 4, 8))
    return made


def correct(cast: Cast, initiative: Initiative, end: date) -> None:
    """Let the initiative's only segment end on another day."""
    work = WorkSegment.objects.get(initiative=initiative)
    segments.change(
        by=cast.lead,
        segment=work,
        seen=segments.seen_of(work),
        starts_on=work.starts_on,
        ends_before=end,
        fte_milli=work.fte_milli,
    )


def test_a_corrected_date_and_a_retag_are_told(
    cast: Cast, closed: dict[str, Initiative], client: Client
) -> None:
    """With the months they moved; what moves none is not."""
    correct(cast, closed["A"], date(2026, 2, 7))
    assert [labels for _, labels in moved_after_close(closed["A"])] == [["Feb 2026"]]
    closed["D"].refresh_from_db()
    version = closed["D"].version
    initiatives.edit(
        by=cast.member, pk=closed["D"].pk, version=version, changes={"origin": "planned"}
    )
    assert [labels for _, labels in moved_after_close(closed["D"])] == [["Jan 2026", "Feb 2026"]]
    initiatives.edit(
        by=cast.member, pk=closed["B"].pk, version=1, changes={"title": "Another name"}
    )
    assert moved_after_close(closed["B"]) == []


def test_the_page_has_it_beside_the_change(
    cast: Cast, closed: dict[str, Initiative], as_person: Callable[[str], Client]
) -> None:
    """In the history."""
    correct(cast, closed["A"], date(2026, 2, 7))
    page = as_person("viewer").get("/initiatives/PLAT-1/").content.decode()
    assert "restates Feb 2026" in page


def test_it_costs_one_query_where_nothing_was_closed(
    cast: Cast, django_assert_num_queries: Callable[..., object]
) -> None:
    """And few more where something was."""
    made = write_example(cast.platform)
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        moved_after_close(made["A"])
