"""What a search finds."""

from collections.abc import Callable

import pytest

from tests.cast import Cast
from tracker.actions import initiatives as actions
from tracker.models import Initiative
from tracker.queries.search import LONGEST, search, tidy

Log = Callable[..., Initiative]


def titles(cast: Cast, text: str, role: str = "member") -> list[str]:
    return [found.title for found in search(cast.person(role), text).initiatives]


class TestInitiatives:
    def test_every_word_must_be_in_the_title_in_any_order_and_case(
        self, cast: Cast, log: Log
    ) -> None:
        log("Rate limits for tenants")
        log("Rate card")

        assert titles(cast, "TENANTS rate") == ["Rate limits for tenants"]
        assert titles(cast, "rate nothing") == []

    def test_the_newest_come_first_and_at_most_eight(self, cast: Cast, log: Log) -> None:
        for number in range(10):
            log(f"Rate {number}")

        assert titles(cast, "rate") == [f"Rate {number}" for number in range(9, 1, -1)]

    @pytest.mark.parametrize("key", ["PLAT-2", "plat-2", " plat-2 "])
    def test_a_key_leads_to_the_one_that_bears_it(self, cast: Cast, log: Log, key: str) -> None:
        log("First")
        log("Second")

        assert titles(cast, key) == ["Second"]

    def test_a_former_key_still_leads_to_it(self, cast: Cast, log: Log) -> None:
        moved = log("Moved")
        actions.move(by=cast.superuser, pk=moved.pk, version=moved.version, team=cast.checkout)

        assert titles(cast, "PLAT-1", "superuser") == ["Moved"]

    def test_what_looks_like_a_key_but_is_none_is_searched_as_words(
        self, cast: Cast, log: Log
    ) -> None:
        log("Adopt ISO-27001 controls")

        assert titles(cast, "ISO-27001") == ["Adopt ISO-27001 controls"]

    @pytest.mark.parametrize(("text", "count"), [("%", 1), ("_", 1), ("100%", 1), ("\\", 0)])
    def test_wildcards_are_letters(self, cast: Cast, log: Log, text: str, count: int) -> None:
        log("Reach 100% of snake_case users")
        log("Something else")

        assert len(titles(cast, text)) == count

    @pytest.mark.parametrize(
        ("role", "count"),
        [("stranger", 0), ("other_lead", 0), ("viewer", 1), ("group_lead", 1), ("superuser", 1)],
    )
    def test_only_what_one_may_see(self, cast: Cast, log: Log, role: str, count: int) -> None:
        log("Secret plan")

        assert len(titles(cast, "secret", role)) == count
        assert len(titles(cast, "PLAT-1", role)) == count

    def test_deleted_ones_stay_away(self, cast: Cast, log: Log) -> None:
        gone = log("Rate limits")
        actions.delete(by=cast.member, pk=gone.pk, version=gone.version)

        assert titles(cast, "rate") == []
        assert titles(cast, "PLAT-1") == []


class TestTeams:
    def test_by_name_of_those_one_may_see(self, cast: Cast) -> None:
        assert [team.name for team in search(cast.group_lead, "check").teams] == ["Checkout"]
        assert search(cast.member, "check").teams == []


class TestTidy:
    def test_cuts_and_folds_spaces(self) -> None:
        assert tidy("  a \0 b\n") == "a b"
        assert len(tidy("x" * 1000)) == LONGEST
