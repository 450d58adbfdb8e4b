"""Who is of which tier, and how many people of each said something."""

from datetime import UTC, datetime

import pytest

from knowledge_base.channels import Audience, Origin
from knowledge_base.ids import ChannelId, CommunityId, InsightId, MemberId, MessageId, SpaceId
from knowledge_base.insights import Voice
from knowledge_base.tiers import tier_mix

ORIGIN = Origin(CommunityId("acme"), SpaceId("s"), ChannelId("help"), Audience.PUBLIC)
AT = datetime(2026, 3, 2, tzinfo=UTC)


def voices(*said: tuple[str, str]) -> list[Voice]:
    return [
        Voice(InsightId("i"), MessageId(f"m{number}"), MemberId(who), who, "it", AT, ORIGIN, tier=tier)
        for number, (who, tier) in enumerate(said)
    ]


@pytest.mark.parametrize(
    ("said", "mix"),
    [
        ([], []),
        ([("anna", ""), ("ben", "")], []),
        ([("anna", "Pro"), ("anna", "Pro")], [("Pro", 1)]),
        (
            [("anna", "Pro"), ("ben", ""), ("cara", ""), ("dora", "Free"), ("emil", "Pro"), ("fay", "Basic")],
            [("Pro", 2), ("Basic", 1), ("Free", 1), ("", 2)],
        ),
    ],
)
def test_people_are_counted_by_tier_once_each(said: list[tuple[str, str]], mix: list[tuple[str, int]]) -> None:
    assert list(tier_mix(voices(*said))) == mix
