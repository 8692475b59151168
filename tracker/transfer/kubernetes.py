"""The feature sheets of Kubernetes releases; totals and names stand above their header row."""

from tracker.domain.importing import Field
from tracker.transfer.formats import Format

FORMAT = Format(
    name="kubernetes",
    label="Kubernetes release sheet",
    signature=(("Feature Name", "Stage", "SIG"),),
    aliases={
        Field.TITLE: ("Feature Name",),
        Field.STATUS: ("Feature Status",),
        Field.OWNER: ("Assignee",),
        Field.LABELS: ("SIG",),
        Field.DESCRIPTION: ("One Line Release Note Description",),
    },
    key_in_title=True,
)
