from datetime import UTC, datetime

import pytest

from dialogue.cards import Sheet, best_voices, render
from dialogue.posts import Buttons, Heading, Quote
from dialogue.texts.catalogue import Texts
from knowledge_base.channels import Audience, Origin
from knowledge_base.ids import ChannelId, CommunityId, InsightId, MemberId, MessageId, SpaceId
from knowledge_base.insights import Insight, Status, Voice
from knowledge_base.kinds import Kind

TEXTS = Texts.load()
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def voice(message: str, member: str, audience: Audience = Audience.PUBLIC, minute: int = 0) -> Voice:
    origin = Origin(CommunityId("acme"), SpaceId("s"), ChannelId(audience.value), audience)
    at = AT.replace(minute=minute)
    return Voice(InsightId("i"), MessageId(message), MemberId(member), member, f"says {message}", at, origin)


def insight(status: Status = Status.NEW, titled_by: str = "m1") -> Insight:
    return Insight(
        InsightId("i"), CommunityId("acme"), 7, Kind.REQUEST, "the title", MessageId(titled_by), status, 2, AT, AT
    )


def test_the_title_is_shown_as_its_authors_words_or_not_at_all() -> None:
    whole = render(Sheet(insight(), (voice("m1", "anna"),), (), "", ()), TEXTS)
    orphan = render(Sheet(insight(titled_by="gone"), (voice("m1", "anna"),), (), "", ()), TEXTS)

    assert isinstance(whole.blocks[0], Heading)
    assert whole.blocks[0].text.author == "anna"
    assert orphan.blocks[0] == Heading("Request #7")
    assert "the title" not in repr(orphan)


def test_quotes_are_ranked_by_the_stated_rule() -> None:
    voices = (
        voice("m0", "zoe", Audience.PRIVATE, 0),
        voice("m2", "ben", minute=2),
        voice("m3", "ben", minute=3),
        voice("m1", "anna", minute=9),
        voice("m4", "cara", minute=4),
    )

    assert [v.message for v in best_voices(insight(), voices)] == ["m1", "m2", "m4"]
    assert [v.message for v in best_voices(insight(), voices[::-1])] == ["m1", "m2", "m4"]


@pytest.mark.parametrize("status", Status)
def test_a_card_of_every_status_can_be_shown(status: Status) -> None:
    card = render(Sheet(insight(status), (voice("m1", "anna"),), (), "Sam", ()), TEXTS)

    assert sum(isinstance(block, Quote) for block in card.blocks) == 1
    assert isinstance(card.blocks[-1], Buttons) is (status is not Status.MERGED)
