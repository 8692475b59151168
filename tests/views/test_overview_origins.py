"""What an overview says about origins: tags that disagree, and the share without overrides."""

import re
from collections.abc import Iterator

import pytest
import time_machine

from tests.cast import TODAY, Cast
from tests.queries.test_overrides import late, override
from tests.views.initiative import As, Log
from tests.views.origins import words
from tracker.actions import initiatives
from tracker.models import Initiative

__all__ = ["late"]  # the fixture


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


class TestOverview:
    def test_disagreements_want_attention_and_lead_to_their_list(
        self,
        late: Initiative,
        as_person: As,
    ) -> None:
        answer = as_person("viewer").get("/teams/platform/")
        assert "1 Tag disagreement declared otherwise than planned" in words(answer)
        html = answer.content.decode()
        assert re.search(r'href="/teams/platform/plan/2026-h2/origins/"><span class="n">1<', html)

    def test_a_group_names_the_team(self, late: Initiative, as_person: As) -> None:
        text = words(as_person("group_lead").get("/teams/engineering/"))
        assert "1 Tag disagreement in Platform" in text

    def test_the_share_without_overrides_stands_beside_only_where_there_are_any(
        self,
        late: Initiative,
        cast: Cast,
        as_person: As,
    ) -> None:
        client = as_person("viewer")
        before = words(client.get("/teams/platform/"))
        assert "50.0 % of 10 pd went to opportunistic work" in before
        assert "Without overrides" not in before
        override(cast, late)
        after = words(client.get("/teams/platform/"))
        assert "0.0 % of 10 pd went to opportunistic work" in after
        assert "Without overrides: 50.0 % (5 of 10 pd)" in after
        assert "Tag disagreement" not in after

    def test_a_settled_tag_is_gone_at_once(
        self,
        late: Initiative,
        cast: Cast,
        log: Log,
        as_person: As,
    ) -> None:
        client = as_person("viewer")
        assert "Tag disagreement" in words(client.get("/teams/platform/"))
        late.refresh_from_db()
        changes = {"origin": "opportunistic"}
        initiatives.edit(by=cast.lead, pk=late.pk, version=late.version, changes=changes)
        assert "Tag disagreement" not in words(client.get("/teams/platform/"))
