"""Monorail, the tracker of Chromium; its only day is the last change, which may be relative."""

from tracker.domain.importing import Field
from tracker.transfer.formats import Format

FORMAT = Format(
    name="monorail",
    label="Monorail",
    signature=(("ID", "Pri", "Summary", "AllLabels"),),
    aliases={
        Field.TITLE: ("Summary",),
        Field.KEY: ("ID",),
        Field.STATUS: ("Status",),
        Field.OWNER: ("Owner",),
        Field.LABELS: ("AllLabels",),
        Field.CREATED: ("Opened",),
        Field.DELIVERED: ("Closed",),
        Field.UPDATED: ("Modified",),
    },
)
