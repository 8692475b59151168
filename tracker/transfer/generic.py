"""Any other sheet: fields by the headers that people and trackers use for them."""

from tracker.domain.importing import Field
from tracker.transfer.formats import Format


def _names(text: str) -> tuple[str, ...]:
    """Return the headers of a field, the best one first."""
    return tuple(" ".join(name.split()) for name in text.split("|"))


FORMAT = Format(
    name="csv",
    label="a sheet of its own kind",
    signature=(),
    aliases={
        Field.TITLE: _names(
            """
            Title | Summary | Initiative | Name | Task name | Subject | Feature Name | Feature |
            Card Name | Project name | Titel | Titre | Título | Thema | Initiative name |
            Initiative title | Work item | Item | Epic | Deliverable | Project | Task | Story |
            Headline | Name der Aufgabe | Vorhaben
            """
        ),
        Field.KEY: _names(
            """
            Key | Issue key | ID | Task ID | Issue ID | Card ID | Ref | Schlüssel | Clé |
            Identifier | Reference | Ticket | Number | No | Nr
            """
        ),
        Field.STATUS: _names(
            """
            Status | State | Current State | Statut | Etat | Estado | Stand | Stage | Phase |
            Current status
            """
        ),
        Field.ORIGIN: _names(
            """
            Origin | Planned or unplanned | Planned/Unplanned | Herkunft | Origine |
            Planned or opportunistic | Planned / opportunistic | Work origin
            """
        ),
        Field.OWNER: _names(
            """
            Owner | Assignee | Assigned to | Assignees | Responsible | Owned By | Lead | Owners |
            Task assignee(s) | Verantwortlich | Responsable | DRI | Owner name | Accountable |
            Person | Who | Contact | Product owner | Project lead | Zuständig
            """
        ),
        Field.ESTIMATE: _names(
            """
            Estimate (pd) | Estimate, pd | Effort | Effort (pd) | Effort, pd | Effort (days) |
            Person-days | Estimate (days) | Aufwand | Charge | Original estimate | Est. pd |
            Est pd | Estimate in days | Estimated days | Effort in days | Effort estimate |
            Estimated effort | Man-days | Workdays | Working days | Days | pd | Personentage |
            Aufwand (PT) | Jours-homme
            """
        ),
        Field.LABELS: _names(
            "Labels | Tags | Label | Etiketten | Étiquettes | Keywords | Theme | Themes | Area"
        ),
        Field.DESCRIPTION: _names(
            """
            Description | Notes | Description content | Details | Body | Beschreibung |
            Descriptif | Detail | Scope | Goal | Comment | Comments
            """
        ),
        Field.URL: _names("URL | Link | Card URL | Web link | Permalink | Hyperlink"),
        Field.CREATED: _names(
            """
            Created | Created At | Date Created | created_date | Creation date | Created on |
            Created date | Opened | Opened on | Opened at | Added | Added on | Date added |
            Submitted | Submitted on | Reported on | Erstellt | Erstellt am
            """
        ),
        Field.COMMITTED: _names(
            """
            Committed | Committed on | Commitment date | Approved on | Committed date |
            Date committed | Committed at | Agreed on | Promised on | Date approved
            """
        ),
        Field.STARTED: _names(
            """
            Started | Started At | Started on | Activated Date | Actual start | Start |
            Start date | Started date | Date started | Start day | Begin | Began | Begin date |
            Work began | Work started | Startdatum | Beginn | Début
            """
        ),
        Field.DELIVERED: _names(
            """
            Delivered | Delivered on | Completed | Completed At | Completed on | Closed |
            Closed At | Closed Date | Accepted at | Resolved | Done on | finish_date |
            finished_date | Delivered at | Delivered date | Delivery date | Date delivered |
            Completed date | Completion date | Date completed | Done date | Finished on |
            Finished at | Date closed | Closed on | Resolved on | Shipped on | Actual end |
            Erledigt am
            """
        ),
        Field.CANCELLED: _names(
            """
            Cancelled | Canceled | Cancelled on | Canceled At | Cancelled at | Cancelled date |
            Date cancelled | Canceled on
            """
        ),
        Field.TARGET: _names(
            """
            Target | Target date | Due date | Due | Due on | Deadline | Target end | Fälligkeit |
            Échéance | Termin | Due by | Target day | Target finish | Planned end | End |
            End date | Finish | Finish date | Needed by | ETA | Enddatum
            """
        ),
        Field.UPDATED: _names(
            """
            Updated | Updated At | Last Modified | Modified | modified_date | Updated on |
            Updated date | Last updated | Last update | Last change | Last changed | Changed |
            Modified on | Geändert | Geändert am
            """
        ),
    },
    doubtful={
        Field.ORIGIN: _names(
            "Type | Work type | Kind | Category | Class | Classification | Source"
        ),
        Field.ESTIMATE: _names("Estimate | Estimated | Est | Estimation | Schätzung"),
    },
    guards_formulas=True,
)
