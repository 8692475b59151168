"""How the funding of opportunities is put in words: terms, amounts and the finding."""

from fractions import Fraction

from tracker.domain.books import Stands
from tracker.domain.conservation import Term
from tracker.domain.funding import FundingSum, Manner
from tracker.domain.wording import count_words, number_words, tenths

TOTAL = "Opportunistic work"
TERMS = {
    Term.DISPLACED: "Displaced from the plan",
    Term.CUT: "Cut by choice",
    Term.UNDER_RUN: "Took less than planned",
    Term.OVER_RUN: "Took more than planned",
    Term.RESERVE: "Reserve and free room",
    Term.CAPACITY_CHANGE: "Capacity added or lost",
    Term.OTHER: "Other work and idle",
    Term.UNEXPLAINED: "Unexplained",
}
WHY = {
    Term.DISPLACED: "Planned work that gave way, as the ledgers say.",
    Term.CUT: "Planned work that was left out: cancelled, put off, or lowered by an amendment.",
    Term.UNDER_RUN: "What delivered work needed less than its plan.",
    Term.OVER_RUN: "What planned work took, or will take, beyond its plan less what it lost.",
    Term.RESERVE: "What the plan left unplanned when the cycle opened, drawn or not.",
    Term.CAPACITY_CHANGE: "What amendments and the ledgers added to the capacity or took off it.",
    Term.OTHER: "Work that nobody classified, and capacity that nothing took.",
    Term.UNEXPLAINED: "Planned work that did not happen without a record of why, less work "
    "beyond the capacity.",
}
STANDS = {
    Stands.DRAWN: "drawn from the reserve",
    Stands.NOT_DRAWN: "Reserve that nobody has drawn",
    Stands.FREE: "Room the plan left free beside the reserve",
    Stands.LOCKED_SINCE: "Changed by later locks of the plan",
    Stands.UNCLASSIFIED: "unclassified",
    Stands.IDLE: "Capacity that nothing took",
    Stands.OVERWORKED: "Work beyond the capacity",
}
MANNERS = {Manner.DELAY: "delayed", Manner.DESCOPE: "descoped", Manner.DROP: "dropped"}


def pd(mpd: int) -> str:
    """Return thousandths of a person-day as person-days with at most one decimal."""
    number = tenths(Fraction(abs(mpd), 1000))
    return f"\u2212{number}" if mpd < 0 and number != "0" else number


def signed(mpd: int) -> str:
    """Return person-days with their sign: ``+30``, ``−12`` or ``0``."""
    number = pd(mpd)
    return f"+{number}" if mpd > 0 and number != "0" else number


def finding(total: FundingSum) -> str:
    """Return in a sentence how the opportunities of a cycle are funded."""
    if not total.opportunities:
        return "No opportunity asks for funding in this cycle"
    known = total.opportunities - total.unestimated
    if total.unfunded_mpd:
        all_of_them = count_words(known, "opportunity", "opportunities")
        who = f"{number_words(total.unfunded)} of {all_of_them}"
        return f"Unfunded by {pd(total.unfunded_mpd)} pd, in {who}"
    if not known:
        return "No opportunity of this cycle is estimated, so nobody knows what has to give way"
    what = f"All {pd(total.effort_mpd)} pd of {count_words(known, 'opportunity', 'opportunities')}"
    return f"{what} {'is' if known == 1 else 'are'} funded"


def gave_words(total: FundingSum) -> str:
    """Return where the funding came from: ``30 pd displaced, 49 pd from the reserve``."""
    parts = (
        (total.displaced_mpd, "pd displaced"),
        (total.reserve_mpd, "pd from the reserve"),
        (total.added_mpd, "pd of added capacity"),
    )
    return ", ".join(f"{pd(mpd)} {words}" for mpd, words in parts if mpd)


def lacks_words(unfunded_mpd: int | None, excess_mpd: int = 0) -> str:
    """Return how a ledger stands: ``Unfunded by 8 pd``, ``Funded``, or what is missing."""
    if unfunded_mpd is None:
        return "Not estimated, so nobody knows what has to give way"
    if unfunded_mpd:
        return f"Unfunded by {pd(unfunded_mpd)} pd"
    return f"Funded, with {pd(excess_mpd)} pd more than it needs" if excess_mpd else "Funded"
