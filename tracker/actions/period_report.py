"""What the review page of a closed period says besides its figures, as it stood at the close."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tracker.domain.baseline import opening_baseline
from tracker.domain.calendar import Period
from tracker.domain.capacity import worked_mpd
from tracker.domain.delivery import SayDo, commitments, say_do
from tracker.domain.facts import Item
from tracker.domain.funding import Ledger, Source, funding_sum
from tracker.domain.lineage import completed_on
from tracker.domain.mix import Measure, Origin, Weight
from tracker.domain.record import Replay, Words
from tracker.domain.reporting import Rules, mixes_of
from tracker.models import Baseline, Funding, Team

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Closing:
    """A period that closes, under its rules, with the facts as they were recorded by then.

    Facts from ``before`` on, and what was recorded from ``moment`` on, are not known.
    """

    team: Team
    period: Period
    rules: Rules
    replay: Replay
    before: date
    moment: datetime


def report_of(closing: Closing) -> Plain:
    """Return funding, what was displaced, say/do, overrides and opportunities as plain values.

    Three queries.
    """
    opportunities = _opportunities(closing)
    return {
        "opportunities": opportunities,
        **_funding(closing, opportunities),
        "say_do": _say_do(closing),
        "overrides": _overrides(closing),
    }


def _opportunities(closing: Closing) -> list[Plain]:
    """Return what was worked on or let in as an opportunity or need, the most work first."""
    period, replay, calendar = closing.period, closing.replay, closing.rules.calendar
    found = []
    for item in replay.items.values():
        worked = sum(
            worked_mpd(part, period.start, period.end, before=closing.before, calendar=calendar)
            for own in item.by_origin
            if own.origin == Origin.OPPORTUNISTIC
            for part in own.segments
        )
        entered = item.entered_on
        is_new = entered is not None and period.contains(entered)
        is_new = is_new and item.origin_on(entered or period.start) == Origin.OPPORTUNISTIC
        if worked or is_new:
            words = replay.words.get(item.item, Words())
            found.append(
                {
                    **_named(item.item, words),
                    "status": words.status,
                    "need": words.need,
                    "trigger": item.trigger,
                    "reason": words.reason,
                    "worked": worked,
                    "estimate": item.effort_mpd,
                    "is_new": is_new,
                }
            )
    return sorted(found, key=lambda row: (-row["worked"], row["key"]))


def _named(item: int, words: Words) -> Plain:
    return {"item": item, "key": words.key, "title": words.title}


def _funding(closing: Closing, opportunities: Iterable[Plain]) -> Plain:
    period, replay = closing.period, closing.replay
    made = Funding.objects.filter(plan__team=closing.team, created_at__lt=closing.moment)
    rows = list(made.order_by("on", "pk"))
    mine = [row for row in rows if period.contains(row.on)]
    sums = {source.value: sum(r.mpd for r in mine if r.source == source) for source in Source}
    ledgers = [
        Ledger(
            one["item"],
            one["estimate"],
            tuple(row.entry for row in rows if row.opportunity_id == one["item"]),
        )
        for one in opportunities
        if one["is_new"]
    ]
    total = funding_sum(ledgers)
    displaced = [
        {
            **_named(row.displaced_id, replay.words.get(row.displaced_id, Words())),
            "mpd": row.mpd,
            "manner": row.manner,
            "on": row.on.isoformat(),
            "note": row.note,
            "for": _named(row.opportunity_id, replay.words.get(row.opportunity_id, Words())),
        }
        for row in mine
        if row.displaced_id is not None
    ]
    return {
        "funding": {
            **sums,
            "new": total.opportunities,
            "effort": total.effort_mpd,
            "unfunded": total.unfunded_mpd,
            "unfunded_items": total.unfunded,
            "unestimated": total.unestimated,
        },
        "displaced": displaced,
    }


def _say_do(closing: Closing) -> Plain | None:
    """Return say/do of the opening baselines, None where no lock opened a cycle of the period."""
    period = closing.period
    locks = Baseline.objects.filter(plan__team=closing.team, locked_at__lt=closing.moment)
    facts = locks.facts()
    total: SayDo | None = None
    names: dict[int, Plain] = {}
    delivered = _delivered(closing.replay.items)
    for cycle, span in closing.rules.cycles.items():
        opening = opening_baseline([b for b in facts if b.cycle == cycle], span, before=date.max)
        if opening is None:
            continue
        due = commitments(opening.baseline.snapshot, period)
        done = say_do(due, delivered, period, before=closing.before)
        total = done if total is None else total + done
        names |= {one.item: {"key": one.key, "title": one.title} for one in due}
    if total is None:
        return None
    return {
        "done": total.done,
        "due": total.due,
        "done_mpd": total.done_mpd,
        "due_mpd": total.due_mpd,
        "unestimated": total.unestimated,
        "missed": [{"item": item, **names[item]} for item in total.missed],
    }


def _delivered(items: dict[int, Item]) -> dict[int, date]:
    """Return the day each item was delivered, in one or in all of its parts."""
    parts: dict[int, list[int]] = {}
    for item in items.values():
        if item.parent is not None:
            parts.setdefault(item.parent, []).append(item.item)
    days = {key: one.delivered_on for key, one in items.items() if one.delivered_on is not None}
    found = ((key, completed_on(key, parts, days)) for key in items.keys() | parts.keys())
    return {key: day for key, day in found if day is not None}


def _overrides(closing: Closing) -> Plain:
    """Return the mix by effort without overrides, and how many initiatives they changed."""
    replay, rules = closing.replay, closing.rules
    plain = replay.without_overrides()
    changed = sum(
        replay.items[key].shifts != item.shifts and _has_work_in(item, closing.period)
        for key, item in plain.items()
    )
    if not changed:
        return {"changed": 0}
    mix = mixes_of(plain.values(), closing.period, rules.calendar, closing.before)[Measure.CAPACITY]
    effort = mix.mixes[Weight.EFFORT]
    return {
        "changed": changed,
        "without": [effort.opportunistic, effort.planned, effort.unclassified],
    }


def _has_work_in(item: Item, period: Period) -> bool:
    return any(
        part.start < period.end and (part.end is None or part.end > period.start)
        for part in item.segments
    )
