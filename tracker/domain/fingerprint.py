"""One spelling for facts, and its hash: equal facts have equal hashes on every machine.

A field that defaults to nothing (None, 0, False, empty) and holds that is left out, so that such a
field added later changes no old hash. Defaults that mean something are always spelled.
"""

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from hashlib import sha256
from typing import Any


def fingerprint(*facts: object) -> str:
    """Return the SHA-256 of facts in hexadecimal, 64 characters.

    Raises TypeError as ``canonical`` does.
    """
    return sha256(canonical(facts).encode()).hexdigest()


def canonical(facts: object) -> str:
    """Return facts as one line of ASCII: keys and sets sorted, days in ISO form, moments in UTC.

    Raises TypeError on floats and other values without an exact spelling, and on moments
    without a zone.
    """
    return json.dumps(_plain(facts), ensure_ascii=True, separators=(",", ":"), sort_keys=True)


def _plain(value: object) -> Any:
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, (date, Fraction)):
        return _spelled(value)
    if isinstance(value, (tuple, list)):
        return [_plain(part) for part in value]
    if isinstance(value, AbstractSet):
        return sorted((_plain(part) for part in value), key=canonical)
    if isinstance(value, Mapping):
        return _plain_pairs(value)
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value) if _says(value, f)}
    raise TypeError(
        f"{type(value).__name__} has no exact spelling; use whole numbers or fractions."
    )


def _spelled(value: date | Fraction) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError("A moment needs its zone before it has one spelling.")
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _plain_pairs(pairs: Mapping[Any, object]) -> list[Any]:
    """Return pairs, not an object: the keys of JSON are texts, and 1 is not "1"."""
    return sorted(([_plain(key), _plain(value)] for key, value in pairs.items()), key=canonical)


def _says(value: object, field: Field[Any]) -> bool:
    """Tell whether a field says anything: it is compared, and holds more than a default nothing."""
    default = field.default
    if default is MISSING and field.default_factory is not MISSING:
        default = field.default_factory()
    is_nothing = default is not MISSING and not default
    return field.compare and not (is_nothing and getattr(value, field.name) == default)
