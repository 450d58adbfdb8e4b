import ast
import re
from pathlib import Path

from adapters.discord import outgoing, permissions
from adapters.discord.manifest import application_of, invitation
from adapters.discord.permissions import PERMISSIONS
from tests.servers.discord.state import INVITED

GUIDE = Path(__file__).parents[3] / "docs" / "discord.md"


def test_the_invitation_asks_for_exactly_the_permissions_in_use() -> None:
    tree = ast.parse(Path(outgoing.__file__).read_text())
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == permissions.__name__
        for alias in node.names
    }
    heard = {permissions.VIEW, permissions.READ_HISTORY}
    assert {getattr(permissions, name) for name in imported} | heard == set(PERMISSIONS)
    asked = re.search(r"permissions=(\d+)$", invitation("1"))
    assert asked is not None
    assert int(asked[1]) == sum(PERMISSIONS.values()) == INVITED


def test_the_guide_shows_the_same_permissions() -> None:
    guide = GUIDE.read_text()
    assert all(f"| {name} |" in guide for name in PERMISSIONS)
    assert invitation("APPLICATION_ID") in guide


def test_a_token_tells_its_application() -> None:
    assert application_of("MTIzNDU2Nzg5MDEyMzQ1Njc4.x.y") == "123456789012345678"
    assert application_of("nonsense") is None
