"""Writes of the funding ledger: what gives way for an opportunity.

Each locks the plan it draws on, so that two people can't take the same effort.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction

from tracker.actions.errors import Conflict
from tracker.domain import funding as domain
from tracker.domain.funding import Caps, Ledger, Manner, Source, excesses
from tracker.domain.mix import Origin
from tracker.domain.wording import day_words, pd_words
from tracker.models import Funding, Initiative, Plan, TeamCounter, User
from tracker.models.funding import caps_of, plan_on
from tracker.models.origins import counts_as

Facts = tuple[domain.Funding, ...]
ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ask:
    """What one new entry takes; ``item`` is the id of the planned initiative that gives way."""

    source: Source
    mpd: int
    item: int | None = None
    manner: Manner | None = None

    @property
    def name(self) -> str:
        """Return what tells it from others of one form, also where a refusal is put."""
        return f"item-{self.item}" if self.item is not None else self.source.value

    def fact(self, opportunity: int, on: date) -> domain.Funding:
        """Return the entry as the domain knows it; ValidationError where it says nothing."""
        try:
            return domain.Funding(opportunity, self.source, self.mpd, on, self.item, self.manner)
        except ValueError as error:
            raise ValidationError({self.name: str(error)}) from error


def _row(ask: Ask, key: UUID | None, by: User, common: dict[str, Any]) -> Funding:
    return Funding(
        source=ask.source,
        displaced_id=ask.item,
        manner=ask.manner or "",
        mpd=ask.mpd,
        creation_key=key,
        created_by=by,
        **common,
    )


def seen_of(entry: Funding) -> str:
    """Return an entry's state as a form carries it."""
    return f"{entry.mpd}/{entry.manner}/{entry.on.isoformat()}/{entry.note}"


def add(
    *,
    by: User,
    initiative_pk: int,
    asks: Sequence[Ask],
    on: date,
    today: date,
    note: str = "",
    creation_key: UUID | None = None,
) -> list[Funding]:
    """Write entries for an opportunity, all or none, and return them.

    They draw on the plan of its team for the cycle of ``on``. The same ``creation_key`` a second
    time returns the first call's entries. ``by`` must have been let in already. Raises
    ValidationError by the name of the ask for what takes more than is left, and where there is
    no plan or the initiative does not count as opportunistic.
    """
    keys = [uuid5(creation_key, ask.name) if creation_key else None for ask in asks]
    with transaction.atomic():
        opportunity: Initiative = Initiative.objects.select_related("team").get(pk=initiative_pk)
        plan = _locked_plan(opportunity, on)
        earlier = list(Funding.objects.filter(creation_key__in=[key for key in keys if key]))
        if earlier:
            return _same_author(earlier, by)
        _check_origin(opportunity, on)
        facts = tuple(ask.fact(opportunity.pk, on) for ask in asks)
        own, others = _standing(plan, opportunity.pk)
        _refuse_excess(own, (*own, *facts), others, caps_of(plan, before=today + ONE))
        common = {"plan": plan, "opportunity": opportunity, "on": on, "note": note.strip()}
        rows = [_row(ask, key, by, common) for ask, key in zip(asks, keys, strict=True)]
        for row in rows:
            _save(row, by)
        TeamCounter.bump(plan.team_id, opportunity.team_id)
    return rows


def change(
    *,
    by: User,
    entry: Funding,
    seen: str,
    mpd: int,
    on: date,
    today: date,
    manner: Manner | None = None,
    note: str = "",
) -> Funding:
    """Correct an entry and return it; source and what gives way stay as they are.

    Raises Conflict where it is no longer what was ``seen``, and ValidationError as ``add``,
    also for a day outside of the cycle of its plan.
    """

    def apply(current: Funding) -> None:
        cycle = current.plan.cycle
        if not cycle.starts_on <= on < cycle.ends_before:
            raise ValidationError(
                {"on": f"{cycle} runs from {day_words(cycle.starts_on)} to "
                 f"{day_words(cycle.last_day)}. Choose a day in it."}
            )  # fmt: skip
        own, others = _standing(current.plan, current.opportunity_id)
        after = replace(current.entry, mpd=mpd, on=on, manner=manner)
        rest = list(own)
        rest.remove(current.entry)
        _refuse_excess(own, (*rest, after), others, caps_of(current.plan, before=today + ONE))
        current.mpd, current.on, current.note = mpd, on, note.strip()
        current.manner = manner or ""
        _save(current, by)

    return _change(entry, seen, apply)


def remove(*, by: User, entry: Funding, seen: str) -> Funding:
    """Take an entry back; its history stays. Raises Conflict where it is not what was seen."""

    def apply(current: Funding) -> None:
        current._history_user = by
        current.delete()

    return _change(entry, seen, apply)


def _change(entry: Funding, seen: str, apply: Callable[[Funding], None]) -> Funding:
    with transaction.atomic():
        plan = Plan.objects.select_for_update(of=("self",)).get(pk=entry.plan_id)
        rows = Funding.objects.select_related("plan__team", "plan__cycle", "opportunity__team")
        current: Funding | None = rows.filter(pk=entry.pk).first()
        if current is None or seen_of(current) != seen:
            raise Conflict(entry.opportunity, {"entry": current and words_of(current)})
        apply(current)
        TeamCounter.bump(plan.team_id, current.opportunity.team_id)
    return current


def words_of(entry: Funding) -> str:
    """Return what an entry gives, in words."""
    return ", ".join(filter(None, [pd_words(entry.mpd), entry.manner, day_words(entry.on)]))


def _save(entry: Funding, by: User) -> None:
    entry._history_user = by
    entry.clean_fields(exclude=["plan", "opportunity", "displaced", "created_by"])
    entry.save()


def _locked_plan(opportunity: Initiative, on: date) -> Plan:
    found = plan_on(opportunity.team_id, on)
    if found is None:
        raise ValidationError(
            f"{opportunity.team} has no plan for {day_words(on)} yet. "
            "A lead makes one on the team's plan page."
        )
    # The lock first: what was read before it may have changed while it was waited for.
    rows = Plan.objects.select_for_update(of=("self",)).select_related("team", "cycle")
    plan: Plan = rows.get(pk=found.pk)
    return plan


def _same_author(earlier: list[Funding], by: User) -> list[Funding]:
    if any(entry.created_by_id != by.pk for entry in earlier):
        raise ValidationError("This form has been used already. Reload the page and try again.")
    return earlier


def _check_origin(opportunity: Initiative, on: date) -> None:
    rows = Initiative.objects.filter(counts_as(Origin.OPPORTUNISTIC, day=on), pk=opportunity.pk)
    if not rows.exists():
        raise ValidationError(
            f"{opportunity.key} does not count as opportunistic, so nothing has to give way for it."
        )


def _standing(plan: Plan, opportunity: int) -> tuple[Facts, Facts]:
    """Return the entries of an opportunity that draw on a plan, and those of others."""
    facts = Funding.objects.filter(plan=plan).entries()
    own = tuple(fact for fact in facts if fact.opportunity == opportunity)
    return own, tuple(fact for fact in facts if fact.opportunity != opportunity)


def _refuse_excess(before: Facts, after: Facts, others: Facts, caps: Caps) -> None:
    """Refuse what takes more than is left, of whatever it takes more of than before.

    An item may have been worked on since it gave, so that less is left than was taken: that
    stands in nobody's way who takes less, or takes from elsewhere.
    """
    opportunity = after[0].opportunity
    had: dict[int | None, int] = {None: Ledger(opportunity, None, before).reserve_mpd}
    had |= dict(domain.taken_by_item(before).items())
    faults = [
        excess
        for excess in excesses(Ledger(opportunity, None, after), caps, others)
        if excess.asked_mpd > had.get(excess.item, 0)
    ]
    if faults:
        raise ValidationError(_refusals(faults, had, caps))


def _refusals(
    faults: list[domain.Excess], had: dict[int | None, int], caps: Caps
) -> dict[str, str]:
    named = Initiative.every.filter(pk__in=list(caps.remaining_mpd)).select_related("team")
    keys = {it.pk: it.key for it in named.filter(pk__in=[fault.item or 0 for fault in faults])}
    messages = {}
    for fault in faults:
        left = fault.left_mpd - had.get(fault.item, 0)
        words = f"{pd_words(left) if left > 0 else 'nothing'} left to give."
        if fault.item is None:
            messages[Source.RESERVE.value] = f"The reserve has {words}"
        elif fault.item in keys:
            messages[f"item-{fault.item}"] = f"{keys[fault.item]} has {words}"
        else:
            messages[f"item-{fault.item}"] = "That is not a planned item of this plan."
    return messages
