"""Imports point one way (README, «How it is built»): a part may import only the parts listed for it."""

import ast
from pathlib import Path

import pytest

import streamcheck

ROOT = Path(streamcheck.__file__).parent
BASE = {"errors", "events", "i18n", "safe", "whole"}
MAY_IMPORT = {
    **{part: {"errors"} for part in BASE},
    "text": BASE,
    "checking": BASE | {"text"},
    "audio": BASE,
    "speech": BASE | {"audio"},
    "transcripts": BASE,
    "chats": BASE | {"transcripts"},
    "sessions": BASE | {"audio"},
    "overlay": BASE,
    "delivery": BASE | {"overlay"},
    "reports": BASE,
    "config": BASE,
    "live": BASE | {"text", "checking", "audio", "speech", "sessions", "overlay"},
    "doctor": BASE | {"audio", "speech", "sessions"},
    "redaction": BASE | {"text", "live"},  # live for a type only
    "library": BASE | {"checking", "transcripts", "reports", "review"},
    "recorded": BASE | {"audio", "sessions"},
    "clips": BASE | {"audio", "recorded", "reports"},
    "statistics": BASE | {"sessions", "reports"},
    "playback": BASE | {"audio", "recorded", "reports"},
    "bleeping": BASE | {"audio", "reports"},
    "recheck": BASE | {"checking", "speech", "sessions"},
    "review": BASE | {"text", "checking", "audio", "speech", "sessions", "transcripts", "chats", "recorded", "reports"},
}


def imported(path: Path) -> set[str]:
    """The parts of streamcheck that a module imports anywhere in it, by their first name below the package."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name.split(".")[1] for name in names if name.startswith("streamcheck.")}


@pytest.mark.parametrize("part", sorted(MAY_IMPORT))
def test_imports_point_one_way(part: str) -> None:
    folder = ROOT / part
    for path in folder.rglob("*.py") if folder.is_dir() else [ROOT / f"{part}.py"] * (ROOT / f"{part}.py").exists():
        assert imported(path) - {"__version__"} <= MAY_IMPORT[part] | {part}, path


def test_every_part_is_listed() -> None:
    parts = {path.stem for path in ROOT.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert parts - {"__init__", "__main__", "cli"} <= MAY_IMPORT.keys()
