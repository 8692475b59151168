"""``make bench``: ratios within one run beside their targets; see docs/speed.md.

Absolute times depend on the machine and are shown for orientation only.
"""

import argparse
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime

from tests.bench.measures import Bench
from tests.bench.server import ROOT
from tests.bench.targets import TARGETS

RESULTS = ROOT / "bench" / "results.json"


def main() -> int:
    """Measure, print the table, write the results; 1 with ``--strict`` where a target is missed."""
    options = _options()
    bench = Bench(rounds=max(3, options.rounds), seconds=options.seconds, full=options.full)
    bench.run(only=options.only)
    _write(bench)
    missed = _print(bench)
    return int(bool(missed) and options.strict)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--full", action="store_true", help="also a million initiatives (slow)")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds (3 or more)")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of a burst")
    parser.add_argument("--only", default="", help="pages, edits, queries, transfer or growth")
    parser.add_argument("--strict", action="store_true", help="fail where a target is missed")
    return parser.parse_args()


def _write(bench: Bench) -> None:
    RESULTS.parent.mkdir(exist_ok=True)
    told = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "values": bench.values,
        "targets": {name: asdict(target) for name, target in TARGETS.items()},
        "details": bench.details,
    }
    RESULTS.write_text(json.dumps(told, indent=1) + "\n")


def _print(bench: Bench) -> list[str]:
    missed = []
    print(f"\n{'':44}{'measured':>12}{'target':>14}{'stretch':>12}")
    for name, target in TARGETS.items():
        value = bench.values.get(name)
        if value is None:
            continue
        sign = ">=" if target.least else "<="
        reached = target.met(value)
        missed += [] if reached else [name]
        verdict = "" if reached else "  MISSED"
        shown = target.words(value)
        bound, stretch = target.words(target.bound), target.words(target.stretch)
        print(f"{target.name:44}{shown:>12}{sign + ' ' + bound:>14}{stretch:>12}{verdict}")
    print("\nFor orientation, on this machine:")
    for line in bench.details:
        print(f"  {line}")
    for line in bench.left_out:
        print(f"  left out: {line}", file=sys.stderr)
    print(f"\nWritten to {RESULTS.relative_to(ROOT)}.")
    return missed


if __name__ == "__main__":
    sys.exit(main())
