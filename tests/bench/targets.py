"""What to reach. Ratios are of a bare signed-in page in the same run, unless they say otherwise."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """One line of the table. ``least`` wants at least the bound, otherwise at most it."""

    name: str
    bound: float
    stretch: float
    unit: str
    least: bool = False

    def met(self, value: float) -> bool:
        """Tell whether a value reaches the target."""
        return value >= self.bound if self.least else value <= self.bound

    def words(self, number: float) -> str:
        """Return a number in the target's unit."""
        if self.unit == "%":
            return f"{number * 100:.1f} %"
        if self.unit in ("", "errors"):
            return f"{number:.0f}"
        digits = 2 if self.unit == "x" else 1
        return f"{number:.{digits}f} {self.unit}"


TARGETS = {
    "overview_cached": Target("team overview, cached", 0.50, 0.60, "%", least=True),
    "overview_uncached": Target("team overview, after an edit", 0.35, 0.45, "%", least=True),
    "portfolio_cached": Target("portfolio, cached", 0.50, 0.60, "%", least=True),
    "portfolio_uncached": Target("portfolio, edits in every team", 0.18, 0.30, "%", least=True),
    "portfolio_edited": Target("portfolio, after an edit in one team", 0.18, 0.30, "%", least=True),
    "list": Target("list of 50, editable", 0.18, 0.30, "%", least=True),
    "row_of_admin": Target("CPU a list row, of the admin's changelist", 1 / 5, 1 / 8, "x"),
    "edits": Target("edits a second, of a bare view", 0.08, 0.12, "%", least=True),
    "edits_of_bare_page": Target("edits a second, of a bare signed-in page", 0.08, 0.12, "%", True),
    "edit_errors_32": Target("edits that failed, of 32 clients", 0, 0, "errors"),
    "queries_overview": Target("queries of a cached overview", 4, 3, ""),
    "queries_portfolio": Target("queries of a cached portfolio", 4, 3, ""),
    "queries_list": Target("queries of a list", 6, 5, ""),
    "queries_edit": Target("queries of an inline edit", 8, 6, ""),
    "first_chart": Target("first visit transfer, chart page", 450, 400, "KB"),
    "first_list": Target("first visit transfer, list page", 60, 40, "KB"),
    "repeat_chart": Target("repeat visit transfer, chart page", 8, 5, "KB"),
    "repeat_list": Target("repeat visit transfer, list page", 8, 5, "KB"),
    "memory": Target("memory a worker, after the run", 150, 110, "MB"),
    "grow_portfolio_cached": Target("portfolio, 1M against 1k, cached", 1.3, 1.1, "x"),
    "grow_portfolio_uncached": Target("portfolio, 1M against 1k, after an edit", 4, 2, "x"),
    "grow_overview_uncached": Target("team overview, 1M against 1k, after an edit", 3.5, 1.5, "x"),
}
