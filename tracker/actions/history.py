"""Brings the fields of an initiative back to what they were."""

from typing import Any

from tracker.actions.initiatives import edit
from tracker.models import Initiative, Label, User

# The status, its days and the segments belong together and stay: verbs change those.
RESTORED = (
    "title",
    "description",
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
    "external_source",
    "external_key",
    "external_url",
)
RESTORED_FACTS = (*RESTORED, "owner", "labels")


def restore_state(*, by: User, initiative: Initiative, state: int, version: int) -> Initiative:
    """Set the fields and labels to a recorded state, as a new version, and return it.

    ``state`` is the id of a history row; ObjectDoesNotExist where it is not of this initiative.
    Raises Conflict where one of these fields was changed after ``version`` was read.
    """
    recorded = initiative.history.get(history_id=state)
    changes: dict[str, Any] = {name: getattr(recorded, name) for name in RESTORED}
    changes["owner"] = User.objects.filter(pk=recorded.owner_id).first()
    changes = {name: value for name, value in changes.items() if value != getattr(initiative, name)}
    names = Label.objects.filter(
        pk__in=recorded.labels.values_list("label_id", flat=True)
    ).values_list("name", flat=True)
    return edit(
        by=by,
        pk=initiative.pk,
        version=version,
        changes=changes,
        labels=list(names),
        reason=f"Restored as of {recorded.history_date:%Y-%m-%d %H:%M} UTC",
    )
