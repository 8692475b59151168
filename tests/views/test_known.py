"""Overview, portfolio and marks as known on a day, and closed periods as reported."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.views.golden import write_example
from tracker.actions import initiatives, periods
from tracker.actions.teams import change_settings, version_of
from tracker.models import Initiative, Team

AsPerson = Callable[[str], Client]
Q1 = "?period=2026-q1"


@pytest.fixture
def moved(cast: Cast) -> dict[str, Initiative]:
    """Close the first quarter as it was on 8 April, then take E out on 20 April."""
    with time_machine.travel(datetime(2026, 3, 30, tzinfo=UTC), tick=False):
        made = write_example(cast.platform)
    with time_machine.travel(datetime(2026, 4, 8, 9, tzinfo=UTC), tick=False):
        periods.close_due(date(2026, 4, 8))
    with time_machine.travel(datetime(2026, 4, 20, 9, tzinfo=UTC), tick=False):
        initiatives.delete(by=cast.lead, pk=made["E"].pk, version=1)
    return made


def page(client: Client, address: str) -> str:
    """Return a page with thin spaces made plain ones."""
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode().replace("\u202f", " ")


def spec(text: str) -> dict[str, Any]:
    """Return what the page draws of the share."""
    found = re.search(r'id="share-spec">(.*?)</script>', text, re.DOTALL)
    assert found
    drawn: dict[str, Any] = json.loads(found[1])
    return drawn


def share_trace(text: str) -> dict[str, Any]:
    """Return the trace of the share's line."""
    traces = (row for row in spec(text)["data"] if row.get("meta", {}).get("role") == "share")
    found: dict[str, Any] = next(traces)
    return found


class TestOverview:
    """A team's overview in its three views."""

    def test_now_it_shows_the_restatement(
        self, cast: Cast, moved: dict[str, Initiative], as_person: AsPerson
    ) -> None:
        """An open square where a closed period moved, and the caption says from what."""
        text = page(as_person("viewer"), f"/teams/platform/{Q1}&by=quarter")
        assert "24.2 % of 264 pd" in text
        assert "2026 Q1 restated from 28.3 % to 24.2 %" in text
        trace = share_trace(text)
        place = trace["marker"]["symbol"].index("square")
        assert trace["meta"]["open"][place]
        assert "restated from 28.3 %" in trace["customdata"][place].replace("\u202f", " ")

    def test_as_known_on_the_day_of_the_close(
        self, cast: Cast, moved: dict[str, Initiative], as_person: AsPerson
    ) -> None:
        """The deleted one is there again; a banner and the links carry the day."""
        text = page(as_person("viewer"), f"/teams/platform/{Q1}&known=2026-04-08")
        assert "28.3 % of 279 pd" in text
        assert "As known on 8 Apr 2026" in text
        assert 'href="/teams/platform/?period=2026-q1">Back to now' in text
        assert "as known 8 Apr 2026" in text
        assert "Latest changes" not in text
        links = share_trace(text)["meta"]["links"]
        assert all("known=2026-04-08" in link for link in links)

    def test_before_it_was_recorded_nothing_was_known(
        self, cast: Cast, moved: dict[str, Initiative], as_person: AsPerson
    ) -> None:
        """An empty past is an answer as well."""
        text = page(as_person("viewer"), "/teams/platform/?period=2026-02&known=2026-03-01")
        assert "Back to now" in text

    def test_as_reported(
        self, cast: Cast, moved: dict[str, Initiative], as_person: AsPerson
    ) -> None:
        """The close's own numbers, whatever came later."""
        text = page(as_person("viewer"), f"/teams/platform/{Q1}&as=reported")
        assert "28.3 % of 279 pd" in text
        assert "closed periods as reported" in text
        assert "restated from" not in text

    @pytest.mark.parametrize("measure", ["capacity", "intake-gross", "intake-net", "delivered"])
    @pytest.mark.parametrize("weight", ["effort", "count", "value"])
    def test_every_measure_and_weight_has_all_views(
        self,
        cast: Cast,
        moved: dict[str, Initiative],
        as_person: AsPerson,
        measure: str,
        weight: str,
    ) -> None:
        """None fails."""
        client = as_person("viewer")
        for view in ("known=2026-04-08", "as=reported"):
            page(client, f"/teams/platform/{Q1}&measure={measure}&weight={weight}&{view}")

    @pytest.mark.parametrize("day", ["2999-01-01", "nonsense", "1066-10-14"])
    def test_nonsense_is_told_and_today_is_shown(
        self, cast: Cast, moved: dict[str, Initiative], as_person: AsPerson, day: str
    ) -> None:
        """With a notice."""
        text = page(as_person("viewer"), f"/teams/platform/{Q1}&known={day}")
        assert "is no day of the past" in text
        assert "Back to now" not in text

    def test_the_marks_lead_to_what_was_known(
        self, cast: Cast, moved: dict[str, Initiative], as_person: AsPerson
    ) -> None:
        """Their sum is the mark, and the file says the same."""
        client = as_person("viewer")
        url = f"{reverse('behind', args=['platform'])}{Q1}&origin=opportunistic&known=2026-04-08"
        text = page(client, url)
        assert "Example E" in text
        assert "As known on 8 Apr 2026" in text
        assert "Example E" in client.get(f"{url}&format=csv").content.decode()
        assert "Example E" not in page(client, url.replace("&known=2026-04-08", ""))

    def test_a_new_band_leaves_the_old_one_over_closed_periods(
        self, cast: Cast, moved: dict[str, Initiative], as_person: AsPerson
    ) -> None:
        """A step in the band, a line, and a word in the caption."""
        change_settings(
            by=cast.lead,
            team_id=cast.platform.pk,
            version=version_of(cast.platform),
            changes={"band_lower": 100, "band_upper": 300},
        )
        with time_machine.travel(datetime(2026, 9, 18, tzinfo=UTC), tick=False):
            text = page(as_person("viewer"), f"/teams/platform/{Q1}&by=quarter")
        bands = [row for row in spec(text)["layout"]["shapes"] if row["name"] == "band"]
        assert [(row["y0"], row["y1"]) for row in bands] == [(10, 30), (20, 35), (10, 30)]
        assert "other band from 2026 Q2 on" in text
        assert "band 20–35 %" in text


class TestPortfolio:
    """All teams in the three views."""

    def test_as_known_and_as_reported(
        self, cast: Cast, moved: dict[str, Initiative], as_person: AsPerson
    ) -> None:
        """Both as the overview has it; links and file carry the day."""
        client = as_person("viewer")
        text = page(client, f"/portfolio/{Q1}&known=2026-04-08")
        assert "28.3 %" in text
        assert "As known on 8 Apr 2026" in text
        assert "known=2026-04-08" in text.partition('href="/teams/platform/?')[2][:200]
        assert "28.3" in page(client, f"/portfolio/{Q1}&known=2026-04-08&format=csv")
        assert "28.3 %" in page(client, f"/portfolio/{Q1}&as=reported")
        assert "24.2 %" in page(client, f"/portfolio/{Q1}")

    def test_queries_do_not_grow_with_teams(
        self,
        cast: Cast,
        moved: dict[str, Initiative],
        as_person: AsPerson,
        django_assert_max_num_queries: Callable[..., Any],
    ) -> None:
        """The records of all teams are read at once."""
        client = as_person("group_lead")
        for n in range(8):
            Team.objects.create(name=f"T{n}", slug=f"t{n}", key_prefix=f"TT{n}", parent=cast.group)
        with django_assert_max_num_queries(16):
            page(client, f"/portfolio/{Q1}&known=2026-04-08")
