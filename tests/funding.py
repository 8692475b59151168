"""Planned work that can give way and an opportunity that asks for it, and how tests fund it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.cast import TODAY, Cast
from tests.plans import lock, rank
from tracker.actions import funding
from tracker.actions.funding import Ask
from tracker.domain.funding import Manner, Source
from tracker.models import Funding, Initiative, Plan

Log = Callable[..., Initiative]


def from_item(item: Initiative, pd: float, manner: Manner = Manner.DELAY) -> Ask:
    """Ask an item to give way."""
    return Ask(Source.DISPLACED, round(pd * 1000), item.pk, manner)


def from_reserve(pd: float) -> Ask:
    """Ask the reserve."""
    return Ask(Source.RESERVE, round(pd * 1000))


def fund(cast: Cast, it: Initiative, *asks: Ask, **more: Any) -> list[Funding]:
    """Write entries as Platform's member."""
    given = {"on": TODAY, "today": TODAY} | more
    return funding.add(by=cast.member, initiative_pk=it.pk, asks=asks, **given)


@pytest.fixture
def planned(plan: Plan, cast: Cast, log: Log) -> Initiative:
    """Give 50 pd of planned work, locked before the cycle began."""
    found = log("Job queue", pd=50, origin="planned", today=date(2026, 6, 1))
    rank(plan, found)
    lock(plan, cast, on=date(2026, 6, 20))
    return found


@pytest.fixture
def need(planned: Initiative, log: Log) -> Initiative:
    """Give a dire need of 18 pd."""
    return log("Rate limits", pd=18, origin="opportunistic", need="dire-need")
