"""The sets: made once by ``manage.py demo`` and kept under var/bench."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.bench.server import ROOT, environment

HOME = ROOT / "var" / "bench"
SEED_SECONDS = 3600


def data_folder(size: int) -> Path:
    """Return the folder of a set, filled when it is not there yet, at today's migrations."""
    folder = HOME / str(size)
    folder.mkdir(parents=True, exist_ok=True)
    for arguments in (
        ["migrate", "--verbosity", "0"],
        ["createcachetable"],
        ["collectstatic", "--noinput", "--verbosity", "0"],
    ):
        _manage(folder, arguments)
    done = folder / "seeded"
    if not done.exists():
        print(f"Seeding {size:,} initiatives into {folder.relative_to(ROOT)} ...", file=sys.stderr)
        _manage(folder, ["demo", "--initiatives", str(size)])
        done.touch()
    return folder


def ask_child(folder: Path, question: str) -> dict[str, Any]:
    """Return what ``tests.bench.child`` says about a set."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench.child", question],
        cwd=ROOT,
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if told.returncode:
        raise SystemExit(f"bench: {question} failed for {folder}:\n{told.stderr[-2000:]}")
    return json.loads(told.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def _manage(folder: Path, arguments: list[str]) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(folder),
        stdout=subprocess.DEVNULL,
        timeout=SEED_SECONDS,
        check=True,
    )
