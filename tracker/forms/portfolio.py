"""The portfolio's address: the overview's question, and the order of the teams."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.domain.calendar import FiscalCalendar
from tracker.domain.question import Question
from tracker.forms.overview import read_question


class Order(StrEnum):
    """In which order the teams stand."""

    SHARE = "share"
    TREE = "tree"


NAMES = ("measure", "weight", "kind", "period", "known", "as")
ORDERS = ((Order.SHARE.value, "By share"), (Order.TREE.value, "By group"))


@dataclass(frozen=True, slots=True)
class AskedPortfolio:
    """The question of an address, with a notice for each part that made no sense."""

    question: Question
    order: Order
    notices: tuple[str, ...]

    def params(self) -> dict[str, str]:
        """Return the address's parameters, those that say nothing new left out."""
        order = "" if self.order is Order.SHARE else self.order.value
        return {**self.question.params(), **({"order": order} if order else {})}


def read_portfolio(data: Mapping[str, str], fiscal: FiscalCalendar, today: date) -> AskedPortfolio:
    """Return what an address asks for. Nonsense falls back to the usual, with a notice."""
    # The overview's chart has a length of its own; the portfolio has no such chart.
    wanted = {name: data[name] for name in NAMES if name in data}
    asked = read_question(wanted, fiscal, today)
    given = data.get("order", "").strip()
    notices = asked.notices
    if given and given not in set(Order):
        notices = (*notices, f"There is no order {given[:30]!r}, so the teams stand by share.")
    order = Order(given) if given in set(Order) else Order.SHARE
    return AskedPortfolio(asked.question, order, notices)
