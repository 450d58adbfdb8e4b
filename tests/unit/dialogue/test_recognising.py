"""Who may read which page, and what stands in its picture."""

from datetime import UTC, datetime
from typing import cast

import pytest

from dialogue.actions import Page, RecognitionOf
from dialogue.fence import Private
from dialogue.plain import plain_text
from dialogue.ports import UnitOfWork
from dialogue.recognising.composing import compose_recognition
from dialogue.recognising.own import chart_of, in_words, next_step
from dialogue.texts.catalogue import Texts
from knowledge_base.contributions import Cause, CauseKind, Contributed, Contribution
from knowledge_base.ids import CommunityId, ContributionId, MemberId
from knowledge_base.levels import Level
from knowledge_base.members import Role

TEXTS = Texts.load()
ACME, ANNA, BEN = CommunityId("acme"), MemberId("anna"), MemberId("ben")
NOW = datetime(2026, 2, 3, tzinfo=UTC)
NOTHING = cast("UnitOfWork", None)
"""Whoever may not read a page makes nobody look anything up."""


def line(kind: Contributed, points: int, at: datetime) -> Contribution:
    return Contribution(ContributionId("c"), ACME, ANNA, kind, points, Cause(CauseKind.INSIGHT, "i"), at)


@pytest.mark.parametrize(
    ("page", "reader"),
    [
        (Page.OWN, Private(ACME, BEN, Role.ADMIN)),
        (Page.OWN, Private(ACME, None, Role.CUSTOMER)),
        (Page.BOARD, Private(ACME, BEN, Role.CUSTOMER)),
        (Page.UNUSUAL, Private(ACME, ANNA, Role.TRUSTED)),
    ],
)
async def test_a_page_is_for_its_reader_alone_and_what_is_unusual_for_staff(page: Page, reader: Private) -> None:
    post = await compose_recognition(NOTHING, RecognitionOf(page, ANNA, NOW), reader, TEXTS, None)
    assert plain_text(post) == TEXTS.say("card.withheld")


def test_the_picture_has_six_months_up_to_now_and_a_colour_for_what_there_was() -> None:
    lines = [
        line(Contributed.DEMAND, 3, datetime(2025, 12, 31, 23, tzinfo=UTC)),
        line(Contributed.SHIPPED, 5, datetime(2026, 2, 1, tzinfo=UTC)),
        line(Contributed.SOLUTION, 3, datetime(2026, 2, 2, tzinfo=UTC)),
        line(Contributed.REPORT, 2, datetime(2025, 8, 31, tzinfo=UTC)),
    ]
    chart = chart_of(lines, NOW, TEXTS)
    assert chart.labels == ("2025-09", "2025-10", "2025-11", "2025-12", "2026-01", "2026-02")
    assert [(one.name, one.values) for one in chart.series] == [
        ("said first", (0, 0, 0, 3, 0, 5)),
        ("helped", (0, 0, 0, 0, 0, 3)),
    ]
    assert in_words(chart, TEXTS) == "Points by month. 2025-12: said first 3; 2026-02: said first 5, helped 3."
    long_ago = chart_of(lines[3:], NOW, TEXTS)
    assert in_words(long_ago, TEXTS) == "Points by month. nothing in these months."


def test_the_next_step_is_what_somebody_did_not_do_yet_then_the_next_level() -> None:
    said, helped = line(Contributed.REPORT, 2, NOW), line(Contributed.SOLUTION, 3, NOW)
    levels = [Level(ACME, "Guide", 50)]
    assert next_step([], 0, levels, TEXTS).startswith("Next: say what is missing or broken.")
    assert next_step([said], 2, levels, TEXTS).startswith("Next: answer a question")
    assert next_step([said, helped], 5, levels, TEXTS) == "Next: 45 more points make you Guide."
    assert next_step([said, helped], 50, levels, TEXTS).startswith("Next: go on as you do.")
