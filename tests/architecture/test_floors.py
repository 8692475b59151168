"""The floors of the house, proven on the real imports, and the sizes of its rooms."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
TRACKED = {"Initiative", "WorkSegment", "Team", "Membership", "Organisation"}
# Columns that history does not follow, or that are nobody's fact: paths, counters, stamps.
UNTRACKED_WRITES = {"tracker/models/teams.py"}


def sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def writes_history(tree: ast.Module) -> bool:
    """Tell whether a module that creates in bulk calls what records that in bulk, too."""
    text = ast.dump(tree)
    return any(f"'{name}'" in text for name in ("bulk_history_create", "record_initiatives"))


def test_imports_point_downward_only() -> None:
    run = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_file_is_longer_than_people_read() -> None:
    lengths = {
        name: len((ROOT / name).read_text().splitlines())
        for name, _ in sources("tracker", "roadmap")
    }
    assert {name: n for name, n in lengths.items() if n > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{name}:{node.name}": node.end_lineno - node.lineno + 1
        for name, tree in sources("tracker", "roadmap")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and node.end_lineno
        and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    }
    assert long == {}


def test_no_write_of_a_tracked_table_passes_its_history_by() -> None:
    """Bare ``update()`` and bulk writes leave no history, so only its own helpers may be used.

    A module that creates in bulk may write the history in bulk as well.
    """
    bare = [
        f"{name}:{node.lineno} {node.func.attr}"
        for name, tree in sources("tracker")
        if name not in UNTRACKED_WRITES
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"update", "bulk_create", "bulk_update"}
        and not (node.func.attr == "bulk_create" and writes_history(tree))
        and TRACKED & {part.id for part in ast.walk(node.func) if isinstance(part, ast.Name)}
    ]
    assert bare == []
