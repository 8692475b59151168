"""What a module of this folder says about one tracker's files. A new format is one such module."""

from dataclasses import dataclass, field

from tracker.domain.importing import Field, Unit
from tracker.transfer.words import slug


@dataclass(frozen=True, slots=True)
class Format:
    """How one tracker writes its files.

    ``name`` is also the source that its keys belong to. ``signature`` lists alternatives: sets of
    headers that only this tracker writes. ``aliases`` names the headers of each field, the best
    one first, ``doubtful`` headers that often mean something else, so that the column has to bear
    them out. ``unit`` is what a bare number of the estimate counts, ``written_in`` the zone of
    times without one. ``guards_formulas`` says that it puts an apostrophe before ``=``;
    ``key_in_title`` that titles begin with the key, as in ``213: Title``.
    """

    name: str
    label: str
    signature: tuple[tuple[str, ...], ...]
    aliases: dict[Field, tuple[str, ...]] = field(default_factory=dict)
    doubtful: dict[Field, tuple[str, ...]] = field(default_factory=dict)
    unit: Unit = Unit.DAYS
    written_in: str = ""
    guards_formulas: bool = False
    key_in_title: bool = False

    def fits(self, headers: list[str]) -> bool:
        """Tell whether the headers are of this tracker."""
        there = {slug(header) for header in headers}
        return any(all(slug(name) in there for name in names) for names in self.signature)
