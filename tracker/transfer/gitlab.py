"""GitLab's issue export; times are in UTC, estimates in seconds, weights are no effort."""

from tracker.domain.importing import Field, Unit
from tracker.transfer.formats import Format

FORMAT = Format(
    name="gitlab",
    label="GitLab",
    signature=(("Issue ID", "State", "Created At (UTC)"),),
    aliases={
        Field.TITLE: ("Title",),
        Field.KEY: ("Issue ID",),
        Field.STATUS: ("State",),
        Field.OWNER: ("Assignee",),
        Field.ESTIMATE: ("Time Estimate",),
        Field.LABELS: ("Labels",),
        Field.DESCRIPTION: ("Description",),
        Field.URL: ("URL",),
        Field.CREATED: ("Created At (UTC)",),
        Field.DELIVERED: ("Closed At (UTC)",),
        Field.TARGET: ("Due Date",),
        Field.UPDATED: ("Updated At (UTC)",),
    },
    unit=Unit.SECONDS,
    written_in="UTC",
)
