"""What the words of trackers most likely mean, in the languages they are written in."""

import re
import unicodedata

from tracker.domain.lifecycle import Status
from tracker.domain.shares import Origin

_STATUS_WORDS = {
    Status.PROPOSED: """
        proposed backlog triage idea ideas new open opened unconfirmed untriaged icebox
        unscheduled unstarted funnel suggested draft nouveau ouvert neu offen nieuw
        abierto inbox
    """,
    Status.COMMITTED: """
        committed todo to-do planned available assigned accepted ready selected
        selected-for-development scheduled next upcoming approved tracked a-faire te-doen
        zu-erledigen geplant por-hacer tareas-por-hacer gepland planifie reopened
    """,
    Status.ACTIVE: """
        active started in-progress doing wip development in-development in-review review
        code-review testing in-test in-testing qa en-cours en-test in-uitvoering mee-bezig
        bezig in-arbeit in-bearbeitung en-curso in-corso ongoing working-on-it at-risk
        on-track
    """,
    Status.PAUSED: """
        paused blocked on-hold waiting stalled suspended bloque geblokkeerd blockiert
        pausiert bloqueado en-attente stuck impeded
    """,
    Status.DELIVERED: """
        delivered done closed complete completed fixed resolved verified released shipped
        finished launched termine fait fait-a-livrer valide ferme resolu livre gereed
        klaar afgerond opgelost erledigt fertig geschlossen abgeschlossen hecho listo
        finalizada cerrado merged implemented live
    """,
    Status.CANCELLED: """
        cancelled canceled wontfix won-t-fix won-t-do wont-do duplicate archived rejected
        declined abandoned invalid obsolete removed dropped annule abandonne geannuleerd
        abgebrochen verworfen cancelado cannot-reproduce not-planned
    """,
    Status.DEFERRED: """
        deferred postponed later someday reporte verschoben uitgesteld pospuesto parked
        snoozed
    """,
}
_STATUSES = {word: status for status, words in _STATUS_WORDS.items() for word in words.split()}
_ORIGIN_WORDS = {
    Origin.PLANNED: "planned plan roadmap yes-planned op1 op2 committed strategic geplant planifie",
    Origin.OPPORTUNISTIC: "opportunistic unplanned opportunity ad-hoc adhoc reactive interrupt "
    "dire-need urgent escalation expedite ungeplant imprevu non-planifie",
    Origin.UNCLASSIFIED: "unclassified unknown",
}
_ORIGINS = {word: origin for origin, words in _ORIGIN_WORDS.items() for word in words.split()}


def status_of(word: str) -> Status | None:
    """Return what a tracker's status most likely means, None for a word that is not known."""
    return _STATUSES.get(slug(word))


def origin_of(word: str) -> Origin | None:
    """Return what a word for the origin most likely means, None for one that is not known."""
    return _ORIGINS.get(slug(word))


def unaccented(text: str) -> str:
    """Return a text in small letters without accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def slug(text: str) -> str:
    """Return the letters and digits of a text, small and joined by hyphens, to compare by."""
    return "-".join(re.findall(r"[^\W_]+", unaccented(text)))
