"""The bounded memory of values that never change under their key."""

from tracker.domain.keep import Keep


def squares(keep: Keep[int, int], keys: list[int]) -> tuple[dict[int, int], list[int]]:
    """Return the squares of keys, and those that had to be worked out."""
    made: list[int] = []

    def make(missing: list[int]) -> dict[int, int]:
        made.extend(missing)
        return {key: key * key for key in missing}

    return keep.all_of(keys, make), made


def test_only_what_is_missing_is_worked_out_all_at_once() -> None:
    keep: Keep[int, int] = Keep(10)
    assert squares(keep, [1, 2]) == ({1: 1, 2: 4}, [1, 2])
    assert squares(keep, [2, 3]) == ({2: 4, 3: 9}, [3])


def test_what_was_not_asked_for_longest_goes_first() -> None:
    keep: Keep[int, int] = Keep(2)
    squares(keep, [1, 2])
    squares(keep, [1])
    squares(keep, [3])
    assert squares(keep, [1])[1] == []
    assert squares(keep, [2])[1] == [2]


def test_more_than_it_holds_is_still_answered_in_full() -> None:
    keep: Keep[int, int] = Keep(2)
    assert len(squares(keep, list(range(9)))[0]) == 9


def test_a_size_of_zero_keeps_nothing() -> None:
    keep: Keep[int, int] = Keep(0)
    squares(keep, [1])
    assert squares(keep, [1]) == ({1: 1}, [1])


def test_forgets() -> None:
    keep: Keep[int, int] = Keep(2)
    squares(keep, [1])
    keep.forget()
    assert squares(keep, [1])[1] == [1]
