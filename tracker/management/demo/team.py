"""One team of the demo from its story to its rows."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from tracker.actions.periods import close_due
from tracker.domain.calendar import Period
from tracker.management.demo.listing import Lister
from tracker.management.demo.people import Crew
from tracker.management.demo.plan_stories import planning_of
from tracker.management.demo.plans_writing import PlanWriter
from tracker.management.demo.simulation import TeamSimulation
from tracker.management.demo.writing import Rows, write_team
from tracker.models import Cycle

# Each close reads a team's whole history, so that a large demo closes only its last months.
MOST_CLOSED, RECENTLY = 500, timedelta(days=125)


def write_whole_team(
    crew: Crew, count: int, cycles: Mapping[Period, Cycle], today: date, name: str
) -> Iterator[int]:
    """Write a team's work, plans and closed periods; yield how many initiatives each batch had."""
    rows: Rows = {}
    simulation = TeamSimulation(crew.story, crew.team.calendar, today, name)
    works = list(simulation.run(count))
    lister = Lister(simulation, planning_of(crew.team.slug), f"{name}/plans")
    plans = lister.plans(works, list(cycles))
    yield from write_team(crew, works, today, f"{name}/rows", rows)
    PlanWriter(crew, rows, today, f"{name}/ledger").write(plans, works, cycles)
    since = None if count <= MOST_CLOSED else today - RECENTLY
    close_due(today, team_ids=[crew.team.pk], since=since, each_on_its_day=True)
