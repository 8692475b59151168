"""What a derived origin rests on, in words."""

from datetime import date

import pytest

from tracker.domain.baseline import BaselineKind
from tracker.domain.origins import (
    Basis,
    Derived,
    Evidence,
    LockRef,
    OverrideReason,
    OverrideReport,
    Suggestion,
)
from tracker.domain.shares import Mix
from tracker.figures.origins import (
    REASONS,
    evidence_words,
    ordinal,
    rate_words,
    share_words,
)

TODAY = date(2027, 3, 1)
OP2 = LockRef(1, BaselineKind.OP2, date(2026, 12, 12), date(2026, 12, 12))
AMENDED = LockRef(3, BaselineKind.AMENDMENT, date(2027, 2, 4), date(2027, 2, 4))
JANUARY = date(2027, 1, 20)


def words(evidence: Evidence) -> str:
    return evidence_words(Suggestion(1, Derived.PLANNED, evidence), "PLAT-3", "FY27", TODAY)


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        (Evidence(Basis.LISTED, OP2, 1, 3, JANUARY), "3rd in OP2, locked 12 Dec 2026."),
        (
            Evidence(Basis.DESCENDED, OP2, 7, 3, JANUARY),
            "It comes from PLAT-3, 3rd in OP2, locked 12 Dec 2026.",
        ),
        (
            Evidence(Basis.ABSENT, OP2, committed_on=JANUARY),
            "Not in OP2, locked 12 Dec 2026; first committed 20 Jan.",
        ),
        (
            Evidence(Basis.BELOW_LINE, OP2, 1, 12, JANUARY),
            "12th in OP2, locked 12 Dec 2026, but below the line; first committed 20 Jan.",
        ),
        (
            Evidence(Basis.ABSENT, OP2, committed_on=date(2026, 11, 3), carried=True),
            "Not in OP2, locked 12 Dec 2026; carried over, first committed 3 Nov 2026.",
        ),
        (
            Evidence(Basis.ABSENT, OP2, committed_on=JANUARY, ratified=AMENDED),
            "Not in OP2, locked 12 Dec 2026; first committed 20 Jan. Ratified by amendment 3 on "
            "4 Feb: still opportunistic here.",
        ),
        (
            Evidence(
                Basis.LISTED,
                LockRef(0, BaselineKind.OP1, date(2026, 12, 1), date(2027, 1, 9)),
                1,
                1,
                locked_late=True,
            ),
            "1st in OP1, locked 9 Jan. That was after the start; no lock was made in time.",
        ),
        (Evidence(Basis.NO_LOCK), "No lock opened FY27, so the declared origin counts."),
    ],
)
def test_each_basis_is_said(evidence: Evidence, said: str) -> None:
    assert words(evidence) == said


def test_ordinals() -> None:
    found = " ".join(ordinal(number) for number in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111, 1013))
    assert found == "1st 2nd 3rd 4th 11th 12th 13th 21st 102nd 111th 1,013th"


def test_every_reason_has_words() -> None:
    assert set(REASONS) == set(OverrideReason)


def test_numerator_and_denominator_stand_beside_each_rate() -> None:
    report = OverrideReport(2, 45, 0, Mix(12_000, 18_000), Mix())
    assert rate_words(report) == "4.4\u202f% (2 of 45 initiatives)"
    assert share_words(report.mix) == "40.0\u202f% (12 of 30 pd)"
    assert share_words(report.mix_without) == "no data"
