"""One team of the demo from its story to its rows."""

from collections.abc import Iterator, Mapping
from datetime import date

from tracker.domain.calendar import Period
from tracker.management.demo.listing import Lister
from tracker.management.demo.people import Crew
from tracker.management.demo.plan_stories import planning_of
from tracker.management.demo.plans_writing import PlanWriter
from tracker.management.demo.simulation import TeamSimulation
from tracker.management.demo.writing import Rows, write_team
from tracker.models import Cycle


def write_whole_team(
    crew: Crew, count: int, cycles: Mapping[Period, Cycle], today: date, name: str
) -> Iterator[int]:
    """Write a team's work and its plans; yield how many initiatives each batch had."""
    rows: Rows = {}
    simulation = TeamSimulation(crew.story, crew.team.calendar, today, name)
    works = list(simulation.run(count))
    lister = Lister(simulation, planning_of(crew.team.slug), f"{name}/plans")
    plans = lister.plans(works, list(cycles))
    yield from write_team(crew, works, today, f"{name}/rows", rows)
    PlanWriter(crew, rows, today, f"{name}/ledger").write(plans, works, cycles)
