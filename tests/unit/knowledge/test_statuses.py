import pytest

from knowledge_base.insights import Status
from knowledge_base.statuses import Decision, allowed


def test_every_status_says_what_may_be_decided_and_no_platform_is_asked_for_more_than_five_buttons() -> None:
    assert all(len(allowed(status)) <= 5 for status in Status)


@pytest.mark.parametrize("status", [Status.SHIPPED, Status.DECLINED, Status.DISMISSED])
def test_what_was_closed_can_only_be_taken_up_again(status: Status) -> None:
    assert allowed(status) == (Decision.REOPEN,)


@pytest.mark.parametrize("status", Status)
def test_no_decision_is_offered_that_changes_nothing(status: Status) -> None:
    assert all(decision.leads_to is not status for decision in allowed(status))
