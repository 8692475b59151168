"""The letters before the number in a key such as PLAT-42."""

import re
import unicodedata

LONGEST = 4
FALLBACK = "TEAM"


def suggest_prefix(name: str) -> str:
    """Return a key prefix for a team's name: its initials, or the start of a single word.

    2 to 4 capital letters or digits, the first a letter; "TEAM" where the name has too few.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    words = re.findall(r"[A-Z0-9]+", plain)
    joined = "".join(word[0] for word in words) if len(words) > 1 else "".join(words)
    prefix = joined.lstrip("0123456789")[:LONGEST]
    return prefix if len(prefix) > 1 else FALLBACK
