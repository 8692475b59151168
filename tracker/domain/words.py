"""The words people choose from; one spelling for code, screens and files."""

from enum import StrEnum


class Need(StrEnum):
    """Why an opportunistic initiative was let in."""

    OPPORTUNITY = "opportunity"
    DIRE_NEED = "dire-need"


class Trigger(StrEnum):
    """What brought an opportunistic initiative."""

    CUSTOMER_ESCALATION = "customer-escalation"
    INCIDENT = "incident"
    MARKET = "market"
    COMPETITOR = "competitor"
    REGULATION = "regulation"
    EXECUTIVE_REQUEST = "executive-request"
    TECHNICAL_DISCOVERY = "technical-discovery"
    PARTNER = "partner"
    OTHER = "other"


def label_of(word: str) -> str:
    """Return how a word is written on screen: ``dire-need`` becomes ``Dire need``."""
    return word.replace("-", " ").capitalize()


class ImportState(StrEnum):
    """How far an import has come."""

    DRAFT = "draft"
    APPLIED = "applied"
    UNDONE = "undone"
