"""What brought the opportunistic work: sorted bars, an amount and a number of initiatives."""

from tracker.domain.mix import Origin
from tracker.domain.overview import Overview, TriggerSum
from tracker.domain.wording import count_words
from tracker.figures.caption import known_words, subject
from tracker.figures.figure import Cell, Column, Figure, Link, Spec, plain
from tracker.figures.words import Unit, listed, trigger_words

ROOM = 1.35


def triggers_figure(overview: Overview, unit: Unit, link: Link) -> Figure:
    """Return the figure of triggers in the period in focus."""
    rows, total = overview.triggers, overview.point.mix.opportunistic
    count = sum(row.count for row in rows)
    focus = overview.question.focus
    sized = unit.amount(total) + (f" in {count:,} initiatives" if unit.name else "")
    return Figure(
        id="triggers",
        heading=_heading(rows, total, unit),
        caption=f"What triggered it. {subject(overview)}: {sized}; {known_words(overview)}.",
        spec=_spec(rows, unit, link, overview) if rows else None,
        label="Opportunistic work by trigger; the table below holds the numbers",
        height="sm",
        columns=[
            Column("Trigger", numeric=False),
            Column(unit.name or "Counted"),
            Column("Initiatives"),
        ],
        rows=[
            [
                Cell(trigger_words(row.trigger), link(focus, trigger=row.trigger)),
                Cell(unit.number(row.amount), link(focus, trigger=row.trigger)),
                Cell(f"{row.count:,}"),
            ]
            for row in rows
        ],
        foot=[[Cell("All"), Cell(unit.number(total)), Cell(f"{count:,}")]] if rows else [],
        empty="Nothing opportunistic falls into this period.",
    )


def _heading(rows: tuple[TriggerSum, ...], total: int, unit: Unit) -> str:
    named = [row for row in rows if row.trigger]
    if not rows or not total:
        return "No trigger brought work in this period"
    if not named:
        return f"None of the {unit.amount(total)} of opportunistic work names its trigger"
    top = named[:1] if named[0].amount * 2 >= total else named[:2]
    words = listed([trigger_words(row.trigger).lower() for row in top])
    share = f"{unit.short(sum(row.amount for row in top))} of the {unit.amount(total)}"
    who = "One trigger" if len(top) == 1 else f"{count_words(len(top), 'trigger').capitalize()}"
    return f"{who}, {words}, brought {share}"


def _spec(rows: tuple[TriggerSum, ...], unit: Unit, link: Link, overview: Overview) -> Spec:
    focus = overview.question.focus
    amounts = [unit.drawn(row.amount) for row in rows]
    names = [plain(trigger_words(row.trigger)) for row in rows]
    texts = [_text(row, unit) for row in rows]
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "name": Origin.OPPORTUNISTIC.value.capitalize(),
                "y": names,
                "x": amounts,
                "text": texts,
                "textposition": "outside",
                "cliponaxis": False,
                "customdata": [
                    f"{name}<br>{unit.amount(row.amount)}, {row.count} initiatives"
                    for name, row in zip(names, rows, strict=True)
                ],
                "hovertemplate": "%{customdata}<extra></extra>",
                "meta": {
                    "role": Origin.OPPORTUNISTIC.value,
                    "links": [link(focus, trigger=row.trigger) for row in rows],
                },
            }
        ],
        "layout": {
            "margin": {"l": 124, "r": 52, "t": 4, "b": 22},
            "xaxis": {"range": [0, max(amounts) * ROOM or 1], "nticks": 4, "showgrid": True},
            "yaxis": {"autorange": "reversed", "showgrid": False, "ticklabelstandoff": 6},
        },
    }


def _text(row: TriggerSum, unit: Unit) -> str:
    return f"{unit.short(row.amount)} {unit.name} ({row.count})" if unit.name else f"{row.amount}"
