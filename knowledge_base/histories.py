"""What holds of an insight's history once what was taken back is left out."""

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge_base.ids import MemberId
from knowledge_base.insights import Status, StatusChange


@dataclass(frozen=True, slots=True)
class Standing:
    """A change that holds, and its number in the history."""

    number: int
    change: StatusChange


def standing(history: Sequence[StatusChange]) -> Sequence[Standing]:
    """The changes that hold, oldest first.

    Left out are those that were taken back and those that did so; and a merge that was undone, with its undoing.
    """
    found: list[Standing] = []
    for number, change in enumerate(history, 1):
        if change.undoes is not None:
            found = [one for one in found if one.number != change.undoes]
        elif found and found[-1].change.status is Status.MERGED:
            found.pop()
        else:
            found.append(Standing(number, change))
    return found


def decider(history: Sequence[StatusChange]) -> MemberId | None:
    """Who set the status that an insight has now, and gave its reason; None where nobody has decided."""
    by, before = None, (Status.NEW, "")
    for one in standing(history):
        if (one.change.status, one.change.reason) != before:
            by, before = one.change.by, (one.change.status, one.change.reason)
    return by if before[0] is not Status.NEW else None
