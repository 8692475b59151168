"""What a worker keeps is never served stale: every kind of write against brute force."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.brute import mix_of_facts
from tests.cast import TODAY, Cast
from tests.queries.random_work import fill
from tracker.actions import bulk, initiatives, segments
from tracker.actions import teams as team_actions
from tracker.domain.calendar import FiscalCalendar, PeriodKind, periods
from tracker.domain.contributions import contributions
from tracker.domain.lifecycle import Status, Verb
from tracker.domain.mix import Measure, Origin, PeriodMix, Weight
from tracker.domain.overview import TriggerSum
from tracker.domain.totals import period_mix_of
from tracker.models import Cycle, Holiday, Initiative, OriginShift, Team, TeamCounter, WorkSegment
from tracker.models.initiatives import InitiativeQuerySet
from tracker.queries import ledgers as kept_ledgers
from tracker.queries.facts import entries_in
from tracker.queries.ledgers import _told, ledgers
from tracker.queries.series import Series
from tracker.queries.stamps import stamps

BEFORE = TODAY + timedelta(days=1)
FISCAL = FiscalCalendar()
PERIODS = periods(PeriodKind.QUARTER, date(2026, 1, 1), date(2026, 12, 31), FISCAL)
Said = list[tuple[PeriodMix, tuple[TriggerSum, ...]]]


def kept(teams: list[Team]) -> Said:
    """Return what the worker's ledgers say of the teams together."""
    found: Said = []
    with ledgers(dict(stamps(team.pk for team in teams))) as own:
        for measure in Measure:
            series = Series(own.values(), measure, Weight.COUNT, FISCAL, BEFORE)
            for period in PERIODS:
                mix = period_mix_of(period, measure, series.totals(period))
                found.append((mix, series.triggers(period)))
    return found


def brute(teams: list[Team]) -> Said:
    """Return the same from every initiative, read anew."""
    fresh = list(Team.objects.filter(pk__in=[team.pk for team in teams]))
    found: Said = []
    for measure in Measure:
        for period in PERIODS:
            rows = entries_in(fresh, period, measure, before=BEFORE)
            mix = mix_of_facts(fresh, period, measure, before=BEFORE)
            sums: dict[str, list[int]] = {}
            for part in contributions(rows, Weight.COUNT):
                if part.entry.origin == Origin.OPPORTUNISTIC:
                    both = sums.setdefault(part.entry.trigger, [0, 0])
                    both[0] += part.amount or 0
                    both[1] += 1
            triggers = [TriggerSum(name, *both) for name, both in sums.items()]
            ranked = sorted(triggers, key=lambda row: (-row.amount, -row.count, row.trigger))
            found.append((mix, tuple(ranked)))
    return found


class Scene:
    """The cast with work, and one initiative in progress to write to."""

    def __init__(self, cast: Cast, it: Initiative) -> None:
        self.cast, self.pk, self.by = cast, it.pk, cast.member
        self.teams = [cast.group, cast.platform, cast.checkout]

    @property
    def it(self) -> Initiative:
        return Initiative.every.get(pk=self.pk)

    @property
    def work(self) -> WorkSegment:
        found: WorkSegment = WorkSegment.objects.filter(initiative=self.pk).latest("pk")
        return found

    def edit(self, **changes: object) -> None:
        version = self.it.version
        initiatives.edit(by=self.by, pk=self.pk, version=version, changes=changes)

    def turn(self, verb: Verb, on: date) -> None:
        initiatives.turn(by=self.by, pk=self.pk, version=self.it.version, verb=verb, on=on)

    def rows(self) -> InitiativeQuerySet:
        return Initiative.every.filter(pk=self.pk)


@pytest.fixture
def scene(cast: Cast, log: Callable[..., Initiative]) -> Scene:
    fill([cast.group, cast.platform, cast.checkout], 60, seed=5)
    it = log("In progress", pd=40, origin=Origin.PLANNED, committed_on=date(2026, 2, 2))
    found = Scene(cast, it)
    found.turn(Verb.START, date(2026, 3, 2))
    return found


def _split(scene: Scene) -> None:
    Initiative.every.filter(team=scene.cast.platform).exclude(pk=scene.pk).update(
        parent=scene.pk, root=scene.pk
    )
    TeamCounter.bump(scene.cast.platform.pk)


def _shift(scene: Scene) -> None:
    cycle = Cycle.objects.create(
        name="C", slug="c", starts_on=date(2026, 4, 10), ends_before=date(2026, 8, 20)
    )
    OriginShift.objects.create(initiative=scene.it, cycle=cycle, origin=Origin.OPPORTUNISTIC)
    TeamCounter.bump(scene.cast.platform.pk, of=[scene.pk])


def _delete_and_restore(scene: Scene) -> None:
    initiatives.delete(by=scene.by, pk=scene.pk, version=scene.it.version)
    assert kept(scene.teams) == brute(scene.teams)
    initiatives.restore(by=scene.by, pk=scene.pk)


def _resegment(scene: Scene) -> None:
    segments.change(
        by=scene.by,
        segment=scene.work,
        seen=segments.seen_of(scene.work),
        starts_on=date(2026, 4, 1),
        ends_before=None,
        fte_milli=2500,
    )


def _week(scene: Scene) -> None:
    team = scene.cast.platform
    team_actions.change_settings(
        by=scene.cast.lead,
        team_id=team.pk,
        version=team_actions.version_of(team),
        changes={"working_weekdays": 0b0010111},
    )


def _holidays(scene: Scene) -> None:
    team, by = scene.cast.group, scene.cast.lead
    team_actions.add_holiday(by=by, team=team, day=date(2026, 9, 10), name="Off")
    assert kept(scene.teams) == brute(scene.teams)
    team_actions.delete_holiday(by=by, holiday=Holiday.objects.get())


ONE_BY_ONE: dict[str, Callable[[Scene], object]] = {
    "a new one": lambda s: initiatives.log(
        by=s.by,
        team=s.cast.platform,
        today=TODAY,
        status=Status.ACTIVE,
        title="New",
        origin=Origin.OPPORTUNISTIC,
        need="opportunity",
        trigger="incident",
    ),
    "an origin": lambda s: s.edit(origin="opportunistic", need="dire-need", trigger="incident"),
    "an estimate": lambda s: s.edit(estimate_mpd=None),
    "a commit date": lambda s: s.edit(committed_on=date(2026, 1, 5)),
    "a target start": lambda s: s.edit(target_start=date(2026, 5, 5)),
    "a title": lambda s: s.edit(title="Another"),
    "a pause": lambda s: s.turn(Verb.PAUSE, date(2026, 6, 1)),
    "a delivery": lambda s: s.turn(Verb.DELIVER, date(2026, 7, 1)),
    "a cancellation": lambda s: s.turn(Verb.CANCEL, date(2026, 7, 1)),
    "a deletion and its undo": _delete_and_restore,
    "another segment": _resegment,
    "an earlier segment": lambda s: segments.add(
        by=s.by,
        initiative_pk=s.pk,
        starts_on=date(2026, 1, 5),
        ends_before=date(2026, 1, 20),
        fte_milli=400,
    ),
    "a bulk edit": lambda s: bulk.edit_many(
        by=s.by, rows=s.rows(), changes={"origin": "unclassified"}
    ),
    "a bulk turn": lambda s: bulk.turn_many(
        by=s.by, rows=s.rows(), verb=Verb.PAUSE, on=date(2026, 8, 3)
    ),
    "another origin in a cycle": _shift,
}
ANYTHING: dict[str, Callable[[Scene], object]] = {
    "a move": lambda s: initiatives.move(
        by=s.by, pk=s.pk, version=s.it.version, team=s.cast.checkout
    ),
    "many at once": lambda s: bulk.edit_many(
        by=s.by, rows=Initiative.every.all(), changes={"origin": "planned"}
    ),
    "a split": _split,
    "other weekdays": _week,
    "a holiday and its end": _holidays,
}


class TestNeverStale:
    @pytest.mark.parametrize("name", ONE_BY_ONE)
    def test_a_write_of_one_is_caught_up_with(self, scene: Scene, name: str) -> None:
        assert kept(scene.teams) == brute(scene.teams)
        before = kept_ledgers._kept[scene.cast.platform.pk]

        ONE_BY_ONE[name](scene)

        assert kept(scene.teams) == brute(scene.teams)
        assert kept_ledgers._kept[scene.cast.platform.pk] is before

    @pytest.mark.parametrize("name", ANYTHING)
    def test_a_write_that_does_not_say_what_it_changed_is_read_anew(
        self, scene: Scene, name: str
    ) -> None:
        assert kept(scene.teams) == brute(scene.teams)

        ANYTHING[name](scene)

        assert kept(scene.teams) == brute(scene.teams)

    def test_writes_in_a_row_are_caught_up_with_at_once(self, scene: Scene) -> None:
        kept(scene.teams)
        before = kept_ledgers._kept[scene.cast.platform.pk]
        for name in ("an origin", "an estimate", "a new one", "a pause", "another segment"):
            if name != "another segment":
                ONE_BY_ONE[name](scene)
        with CaptureQueriesContext(connection) as captured:
            found = kept(scene.teams)
        assert found == brute(scene.teams)
        assert kept_ledgers._kept[scene.cast.platform.pk] is before
        assert len(captured) <= 1 + 4

    def test_what_a_transaction_saw_is_not_kept(self, scene: Scene) -> None:
        before = kept(scene.teams)
        with transaction.atomic():
            scene.edit(origin="unclassified")
            assert kept(scene.teams) == brute(scene.teams) != before
            transaction.set_rollback(True)
        assert kept(scene.teams) == before == brute(scene.teams)

    def test_nothing_is_asked_twice(self, scene: Scene) -> None:
        kept(scene.teams)
        with CaptureQueriesContext(connection) as captured:
            kept(scene.teams)
        assert len(captured) == 1  # the stamps

    def test_few_initiatives_are_kept_where_there_are_many(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(kept_ledgers, "MOST_ITEMS", 1)
        assert kept(scene.teams) == brute(scene.teams)
        assert sum(1 for each in kept_ledgers._kept.values() if each.ledger.items) <= 1
        scene.edit(origin="unclassified")
        assert kept(scene.teams) == brute(scene.teams)


class TestTold:
    def test_every_stamp_in_between_must_be_told(self) -> None:
        text = "12:7,11:5.6,10:4,8:1,"
        assert _told(text, 9, 12) == {4, 5, 6, 7}
        assert _told(text, 11, 12) == {7}
        assert _told(text, 12, 12) == set()
        assert _told(text, 8, 12) is None
        assert _told("", 3, 4) is None

    def test_a_text_that_lost_its_end_tells_no_half_stamp(self) -> None:
        assert _told("12:7,11:5.6,10:4", 9, 12) is None
        assert _told("12:7,11:5.", 10, 12) is None

    def test_a_stamp_that_went_back_tells_nothing(self) -> None:
        assert _told("12:7,", 14, 12) is None

    def test_the_memory_is_bounded(self, cast: Cast) -> None:
        pk = cast.platform.pk
        for number in range(1, 300):
            TeamCounter.bump(pk, of=[10**6 + number, 10**7])
        counter = TeamCounter.objects.get(team=pk)
        assert len(counter.recent) <= TeamCounter.RECENT_SIGNS
        assert _told(counter.recent, counter.stamp - 3, counter.stamp) == {
            10**6 + 299,
            10**6 + 298,
            10**6 + 297,
            10**7,
        }
        assert _told(counter.recent, counter.stamp - 250, counter.stamp) is None

    def test_too_many_at_once_tell_nothing(self, cast: Cast) -> None:
        pk = cast.platform.pk
        before = TeamCounter.objects.get(team=pk)
        TeamCounter.bump(pk, of=range(1, TeamCounter.MOST_NAMED + 2))
        after = TeamCounter.objects.get(team=pk)
        assert (after.stamp, after.recent) == (before.stamp + 1, before.recent)
