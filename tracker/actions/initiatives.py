"""Writes of single initiatives: log, edit, turn, move, delete, restore."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tracker.actions import origins, relatives
from tracker.actions.errors import Conflict
from tracker.domain.lifecycle import Status, Verb
from tracker.models import FormerKey, Initiative, Label, Team, TeamCounter, User
from tracker.models.prepared import Prepared

EDITABLE = frozenset(
    [
        "title",
        "description",
        "owner",
        "origin",
        "need",
        "trigger",
        "reason",
        "estimate_mpd",
        "actual_mpd",
        "expected_value",
        "realised_value",
        "target_start",
        "due_on",
        "committed_on",
        "delivered_on",
        "cancelled_on",
        "deferred_on",
        "external_source",
        "external_key",
        "external_url",
    ]
)


def log(
    *,
    by: User,
    team: Team,
    today: date,
    creation_key: UUID | None = None,
    status: Status = Status.COMMITTED,
    **fields: Any,
) -> tuple[Initiative, bool]:
    """Log an initiative and return it, and whether it is new.

    A second call with the same ``creation_key`` (a double submit, a retry) returns the first
    one's row. ``status`` is proposed, committed or active; work starts ``today``.
    Raises ValidationError for values that can't be stored.
    """
    with transaction.atomic():
        number = TeamCounter.take_numbers(team.pk)  # first: its lock serialises double submits
        earlier = creation_key and Initiative.every.filter(creation_key=creation_key).first()
        if earlier:
            transaction.set_rollback(True)
            return _same_author(earlier, by), False
        initiative = Initiative(
            team=team, number=number, created_by=by, creation_key=creation_key, **fields
        )
        if status != Status.PROPOSED:
            initiative.commit(on=fields.get("committed_on") or today)
        _validate(initiative)
        initiative.save()
        if status == Status.ACTIVE:
            initiative.start(on=today)
            initiative.save()
        if status != Status.PROPOSED:
            origins.follow(initiative)
        TeamCounter.note(team.pk, of=[initiative.pk])
    return initiative, True


def _same_author(earlier: Initiative, by: User) -> Initiative:
    if earlier.created_by_id != by.pk:
        raise ValidationError("This form has been used already. Reload the page and try again.")
    return earlier


def edit(
    *,
    by: User,
    pk: int,
    version: int,
    changes: dict[str, Any],
    reason: str = "",
    labels: list[str] | None = None,
) -> Initiative:
    """Change fields of an initiative, and its labels where given, and return it as saved.

    Raises Conflict where one of these fields was changed after ``version`` was read, and
    ValidationError for values that can't be stored. ``by`` must have been let in already.
    """
    unknown = set(changes) - EDITABLE
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")

    def change(initiative: Initiative) -> None:
        for field, value in changes.items():
            setattr(initiative, field, value)
        _fill_commitment(initiative)
        if labels is not None:
            initiative.labels.set(labels_named(initiative.team_id, labels))

    return write(pk, version, changes, change, reason)


def _fill_commitment(initiative: Initiative) -> None:
    """Freeze the first estimate or value given after a commitment that had none."""
    if initiative.committed_on is None:
        return
    if initiative.committed_effort_mpd is None:
        initiative.committed_effort_mpd = initiative.estimate_mpd
    if initiative.committed_value is None:
        initiative.committed_value = initiative.expected_value


def turn(
    *, by: User, pk: int, version: int, verb: Verb, on: date, reason: str = "", **given: Any
) -> Initiative:
    """Move an initiative through its life (start, pause, deliver, ...) as of a date.

    ``given`` goes to the verb: ``fte_milli`` for start and resume, ``actual_mpd`` and
    ``committed_on`` for deliver. Raises Conflict where the status, or the day of the promise
    that is to be set, was changed after ``version`` was read.
    """
    given = {name: value for name, value in given.items() if value is not None}

    def change(initiative: Initiative) -> None:
        getattr(initiative, verb.value)(on=on, **given)

    typed = {"status": verb.value}
    if "committed_on" in given:
        typed["committed_on"] = given["committed_on"]
    with transaction.atomic():
        saved = write(pk, version, typed, change, reason)
        if verb == Verb.DELIVER:
            relatives.deliver_with(saved, on)
    return saved


def set_labels(*, by: User, pk: int, version: int, names: list[str]) -> Initiative:
    """Give an initiative exactly these labels; missing ones are made in its team."""

    def change(initiative: Initiative) -> None:
        initiative.labels.set(labels_named(initiative.team_id, names))

    return write(pk, version, {"labels": names}, change, "")


def relabel(
    *, by: User, pk: int, add: Collection[str] = (), remove: Collection[int] = ()
) -> Initiative:
    """Add labels by name and remove others by id.

    It carries no version: two people who add different labels don't contradict each other.
    """

    def change(initiative: Initiative) -> None:
        if add:
            initiative.labels.add(*labels_named(initiative.team_id, list(add)))
        if remove:
            initiative.labels.remove(*remove)

    return write(pk, None, {}, change, "")


def labels_named(team_id: int, names: list[str]) -> list[Label]:
    """Return a team's labels by name, whatever their case; missing ones are made."""
    known = {label.name.casefold(): label for label in Label.objects.filter(team_id=team_id)}
    for name in (" ".join(name.split())[:50] for name in names):
        if name and name.casefold() not in known:
            known[name.casefold()] = Label.objects.create(team_id=team_id, name=name)
    wanted = {" ".join(name.split())[:50].casefold() for name in names} - {""}
    return [known[name] for name in sorted(wanted)]


def move(*, by: User, pk: int, version: int, team: Team) -> Initiative:
    """Give an initiative to another team, under a new key; the former key still leads to it."""

    def change(initiative: Initiative) -> None:
        if initiative.team_id == team.pk:
            return
        number = TeamCounter.take_numbers(team.pk)
        TeamCounter.note(team.pk, of=[initiative.pk])
        FormerKey.objects.create(
            team_id=initiative.team_id, number=initiative.number, initiative=initiative
        )
        names = list(initiative.labels.values_list("name", flat=True))
        TeamCounter.bump(initiative.team_id, of=[initiative.pk])
        initiative.team, initiative.number = team, number
        initiative.labels.set(labels_named(team.pk, names))

    return write(pk, version, {"team": team}, change, f"Moved to {team.name}")


def delete(*, by: User, pk: int, version: int) -> Initiative:
    """Take an initiative out of every list and figure; restore brings it back."""
    return write(pk, version, {}, lambda it: setattr(it, "deleted_at", timezone.now()), "Deleted")


def restore(*, by: User, pk: int) -> Initiative:
    """Bring a deleted initiative back."""
    return write(pk, None, {}, lambda it: setattr(it, "deleted_at", None), "Restored")


def write(
    pk: int,
    version: int | None,
    typed: dict[str, Any],
    change: Callable[[Initiative], None],
    reason: str,
    *,
    works: bool = False,
) -> Initiative:
    """Lock the row, compare versions, change, save with history and move the team's stamp.

    Every write of one initiative, of its labels and of its segments goes through here, and the
    origin that counts follows it. ``version`` None is for writes that commute, such as adding a
    label; ``works`` is for those that change segments. Raises Conflict, and ValidationError for
    values that can't be stored.
    """
    try:
        return _write_locked(pk, version, typed, change, reason, works=works)
    except IntegrityError as error:
        # What the forms can't rule out: somebody else stored the same a moment ago.
        raise ValidationError(
            "Another initiative has this external key already, or the values don't fit together."
        ) from error


_LOCKED = Prepared[Initiative](
    lambda pk: (
        Initiative.every.select_for_update(of=("self",))
        .select_related("team", "owner")
        .filter(pk=pk)
        .order_by()
    ),
    pk=-1,
)


def _write_locked(
    pk: int,
    version: int | None,
    typed: dict[str, Any],
    change: Callable[[Initiative], None],
    reason: str,
    *,
    works: bool,
) -> Initiative:
    with transaction.atomic():
        initiative = _LOCKED.first(pk=pk)
        if initiative is None:
            raise Initiative.DoesNotExist
        if version is not None and version != initiative.version:
            _refuse_overwriting(initiative, version, typed)
        was = _values(initiative)
        # First, since setting labels leaves a row of history at once: an older version must not
        # seem to have held the newer values.
        initiative.version += 1
        before = None if works else origins.facts_of(initiative)
        change(initiative)
        _validate(initiative)
        if reason:
            initiative._change_reason = reason[:500]
        # Only what is new: to name a column is to write all its indexes anew.
        now = _values(initiative)
        initiative.save(update_fields=[name for name in now if now[name] != was[name]])
        TeamCounter.bump(initiative.team_id, of=origins.follow(initiative, before))
    return initiative


def _values(initiative: Initiative) -> dict[str, Any]:
    return {
        field.name: getattr(initiative, field.attname) for field in Initiative._meta.concrete_fields
    }


def _refuse_overwriting(initiative: Initiative, version: int, typed: dict[str, Any]) -> None:
    """Let a stale write through only where it touches nothing that changed in between."""
    fields = [name for name in typed if name != "labels"]
    seen = initiative.history.filter(version=version).values(*fields).first() if fields else None
    now = Initiative.every.filter(pk=initiative.pk).values(*fields).get() if fields else None
    if seen is None or seen != now:
        raise Conflict(initiative, typed)


def _validate(initiative: Initiative) -> None:
    initiative.clean()
    initiative.clean_fields(exclude=["team", "owner", "created_by", "import_batch", "parent"])
