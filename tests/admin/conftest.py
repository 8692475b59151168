"""The lead of Platform, and rows of Checkout that this lead must not reach."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.cast import TODAY, Cast
from tracker.models import Cycle, ImportBatch, Initiative, Label, Membership, Plan, WorkSegment

AsPerson = Callable[[str], Client]


@pytest.fixture
def lead(as_person: AsPerson) -> Client:
    """Give the lead of Platform, who has no role in Checkout."""
    return as_person("lead")


@pytest.fixture
def theirs(cast: Cast, log: Any) -> Initiative:
    """Give an initiative of Checkout with a segment and a label."""
    made: Initiative = log("Secret checkout plan", team=cast.checkout, by=cast.other_lead)
    made.labels.add(Label.objects.create(team=cast.checkout, name="secret-label"))
    WorkSegment.objects.create(initiative=made, starts_on=TODAY, fte_milli=1000)
    return made


@pytest.fixture
def foreign(cast: Cast, theirs: Initiative) -> dict[str, Any]:
    """Give a row of Checkout for every capability of a lead."""
    cycle = Cycle.objects.create(
        name="FY40", slug="fy40", starts_on=date(2039, 7, 1), ends_before=date(2040, 7, 1)
    )
    return {
        "team": cast.checkout,
        "membership": Membership.objects.get(user=cast.other_lead),
        "initiative": theirs,
        "label": Label.objects.get(name="secret-label"),
        "plan": Plan.objects.create(team=cast.checkout, cycle=cycle),
        "importbatch": ImportBatch.objects.create(team=cast.checkout, filename="secret.csv"),
    }
