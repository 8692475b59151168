"""The timeline of two states: bars, ghosts, and names of locks that never touch."""

from datetime import date, timedelta
from typing import Any

from tracker.domain.baseline import BaselineItem, PlanCycle, Snapshot
from tracker.figures.plan_timeline import Frame, timeline_figure

CYCLE = PlanCycle(date(2026, 7, 1), date(2027, 1, 1))
TODAY = date(2026, 9, 18)


def item(pk: int, first: date, days: int, title: str = "x") -> BaselineItem:
    """Return an item that begins on a day and takes so many, the last one included."""
    last = first + timedelta(days=days - 1)
    return BaselineItem(pk, pk, 1000, first, last, key=f"PLAT-{pk}", title=title)


def spec(old: Snapshot, new: Snapshot, **more: Any) -> Any:
    """Return what is drawn of two states."""
    given: dict[str, Any] = {"locks": [], "today": TODAY, "origins": {1: "opportunistic"}} | more
    frame = Frame(old, new, "OP1", "now", CYCLE, url=lambda key: f"/initiatives/{key}/", **given)
    return timeline_figure(frame).spec


class TestTimelineFigure:
    """What is drawn."""

    def test_an_item_moves_from_its_ghost(self) -> None:
        """The newer state is coloured by the origin that counts, the older one is hollow."""
        first = date(2026, 8, 3)
        old, new = Snapshot((item(1, first, 12),)), Snapshot((item(1, first, 19),))
        drawn = spec(old, new)["data"]
        assert [trace["meta"]["role"] for trace in drawn] == ["minus", "opportunistic"]
        assert [trace["x"][0] // 86_400_000 for trace in drawn] == [12, 19]
        assert drawn[1]["meta"]["links"] == ["/initiatives/PLAT-1/"]

    def test_titles_are_text_in_labels_and_hover_texts(self) -> None:
        """Plotly would read them as a kind of HTML, and makes bold by a style."""
        state = Snapshot((item(1, date(2026, 8, 3), 12, "<b>x</b>"),))
        found = spec(state, state)
        hover = found["data"][0]["customdata"][0]
        assert "&lt;b&gt;x&lt;/b&gt;" in hover
        assert "<b>" not in hover
        assert "&lt;b&gt;" in found["layout"]["yaxis"]["ticktext"][0]

    def test_names_of_locks_that_would_touch_stand_in_rows(self) -> None:
        """Those of one day share a name, and far ones a row."""
        state = Snapshot((item(1, date(2026, 8, 3), 12),))
        locks = [
            ("OP1", CYCLE.start),
            ("OP2", CYCLE.start),
            ("Amendment 2", TODAY - timedelta(days=9)),
        ]
        notes = spec(state, state, locks=locks)["layout"]["annotations"]
        assert [note["text"] for note in notes] == ["OP1, OP2", "Amendment 2", "today"]
        assert len({note["yshift"] for note in notes}) == 3

    def test_nothing_is_drawn_without_days(self) -> None:
        """An item without days is in the table only."""
        state = Snapshot((BaselineItem(1, 1, 1000, key="PLAT-1", title="x"),))
        assert spec(state, state) is None
