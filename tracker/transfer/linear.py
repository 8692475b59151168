"""Linear, issues and projects. Its estimates are points, so none is taken for effort."""

from tracker.domain.importing import Field
from tracker.transfer.formats import Format

FORMAT = Format(
    name="linear",
    label="Linear",
    signature=(
        ("ID", "Team", "Title", "Cycle Number", "Canceled"),
        ("ID", "Name", "Target Date (Start)", "Canceled At"),
    ),
    aliases={
        Field.TITLE: ("Title", "Name"),
        Field.KEY: ("ID",),
        Field.STATUS: ("Status",),
        Field.OWNER: ("Assignee", "Lead"),
        Field.LABELS: ("Labels",),
        Field.DESCRIPTION: ("Description", "Summary"),
        Field.URL: ("URL",),
        Field.CREATED: ("Created", "Created At"),
        Field.STARTED: ("Started", "Started At"),
        Field.DELIVERED: ("Completed", "Completed At"),
        Field.CANCELLED: ("Canceled", "Canceled At"),
        Field.TARGET: ("Due Date", "Target Date (End)"),
        Field.UPDATED: ("Updated", "Updated At"),
    },
    guards_formulas=True,
)
