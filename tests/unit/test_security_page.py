"""The threat model names, for each asset, tests that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/security.md").read_text("utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
ROWS = [line for line in PAGE.split("## What is not fenced")[0].splitlines() if "::" in line]


@pytest.mark.parametrize(("file", "test"), sorted(set(NAMED.findall(PAGE))))
def test_a_test_that_the_threat_model_names_is_there(file: str, test: str) -> None:
    assert re.search(rf"def {test}\(", (ROOT / file).read_text("utf-8")), f"{file} has no {test}"


def test_each_asset_has_an_attacker_a_fence_and_a_test() -> None:
    assert len(ROWS) >= 20
    for row in ROWS:
        asset, attacker, fence, tests = (cell.strip() for cell in row.strip("|").split("|"))
        assert asset
        assert attacker
        assert fence
        assert NAMED.search(tests)
