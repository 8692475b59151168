"""Writes of labels that reach into initiatives."""

from django.db import transaction

from tracker.actions.initiatives import relabel
from tracker.models import Initiative, Label, TeamCounter, User


def remove_label(*, by: User, label: Label) -> int:
    """Take a label off its initiatives, each with its history, delete it, return their count."""
    with transaction.atomic():
        pks = list(Initiative.every.filter(labels=label).values_list("pk", flat=True))
        for pk in pks:
            relabel(by=by, pk=pk, remove=[label.pk])
        TeamCounter.bump(label.team_id)
        label.delete()
    return len(pks)
