"""What no linter holds: the inner two know no platform by name, and time, chance and tasks come from outside."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import dialogue
import knowledge_base

INNER = [Path(package.__file__).parent for package in (dialogue, knowledge_base)]
PLATFORMS = re.compile("slack|discord", re.IGNORECASE)
BANNED = {
    "now", "utcnow", "today", "monotonic", "perf_counter", "time_ns",
    "uuid1", "uuid4", "token_hex", "token_bytes", "token_urlsafe", "urandom",
    "sleep", "create_task", "ensure_future", "run_in_executor", "to_thread", "TaskGroup",
}  # fmt: skip
OURS = {"clock", "_clock"}


def sources(*kinds: str) -> list[Path]:
    return sorted(path for folder in INNER for path in folder.rglob("*") if path.suffix in kinds)


@pytest.mark.parametrize("path", sources(".py", ".toml", ".json"), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_inner_two_name_no_platform(path: Path) -> None:
    assert not PLATFORMS.findall(path.read_text("utf-8"))


@pytest.mark.parametrize("path", sources(".py"), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_time_chance_and_tasks_come_from_outside(path: Path) -> None:
    assert [*_banned_calls(ast.parse(path.read_text("utf-8")))] == []


def _banned_calls(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in BANNED:
            holder = node.func.value
            if not (isinstance(holder, ast.Name | ast.Attribute) and _name(holder) in OURS):
                yield f"line {node.lineno}: {node.func.attr}"


def _name(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr
