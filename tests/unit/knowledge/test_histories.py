from datetime import UTC, datetime

from knowledge_base.histories import decider, standing
from knowledge_base.ids import InsightId, MemberId
from knowledge_base.insights import Status, StatusChange

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def change(status: Status, by: str = "sam", undoes: int | None = None, link: str = "") -> StatusChange:
    return StatusChange(InsightId("i"), status, MemberId(by), AT, link=link, undoes=undoes)


def test_what_was_taken_back_holds_no_more_nor_does_the_taking_back() -> None:
    history = [change(Status.PLANNED), change(Status.SHIPPED), change(Status.PLANNED, undoes=2)]
    assert [one.number for one in standing(history)] == [1]
    again = [*history, change(Status.DECLINED), change(Status.PLANNED, undoes=4), change(Status.NEW, undoes=1)]
    assert [one.number for one in standing(again)] == []


def test_a_merge_that_is_undone_leaves_what_was_before_it() -> None:
    history = [change(Status.PLANNED), change(Status.MERGED), change(Status.PLANNED, "tess")]
    assert [one.number for one in standing(history)] == [1]
    assert decider(history) == "sam"
    assert decider([change(Status.MERGED), change(Status.NEW, "tess")]) is None


def test_who_decided_is_who_set_the_status_and_not_who_dated_or_linked_it() -> None:
    assert decider([]) is None
    linked = [change(Status.PLANNED), change(Status.PLANNED, "tess", link="https://tracker.example/7")]
    assert decider(linked) == "sam"
    assert decider([change(Status.NEW, link="https://tracker.example/7")]) is None
    assert decider([*linked, change(Status.SHIPPED, "ada"), change(Status.PLANNED, "ben", undoes=3)]) == "sam"
