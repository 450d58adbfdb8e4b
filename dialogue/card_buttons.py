"""The buttons of a card: what may be decided, and below that what else staff can do with an insight."""

from collections.abc import Sequence
from typing import Final

from dialogue.custom_ids import custom_id
from dialogue.posts import Button, Buttons, Emphasis
from dialogue.texts.catalogue import Texts
from knowledge_base.histories import standing
from knowledge_base.insights import Insight, Status, StatusChange
from knowledge_base.statuses import Decision, allowed

ASK: Final = Decision.ASK.value
"""Ask those who said it."""
INTO: Final = "into"
"""Merge into an insight whose number is asked for."""
KINDS: Final = "kinds"
"""Say of which kind it is instead."""
NOTE: Final = "note"
"""Write a private note."""
TAKE_BACK: Final = "takeback"
"""Take the last decision back."""

_EMPHASIS: Final = {
    Decision.ACKNOWLEDGE: Emphasis.PRIMARY,
    Decision.SHIP: Emphasis.PRIMARY,
    Decision.DISMISS: Emphasis.DANGER,
}


def button_rows(insight: Insight, history: Sequence[StatusChange], texts: Texts) -> tuple[Buttons, ...]:
    """The rows in which they stand, none of them empty; at most five buttons each."""
    version = str(len(history))
    decisions = tuple(
        Button(
            texts.say(f"decision.{decision}"),
            custom_id(decision, insight.id, version),
            _EMPHASIS.get(decision, Emphasis.PLAIN),
        )
        for decision in allowed(insight.status)
    )
    others = tuple(
        Button(texts.say(f"card.{verb}"), custom_id(verb, insight.id, version)) for verb in _offered(insight, history)
    )
    return tuple(Buttons(row) for row in (decisions, others) if row)


def _offered(insight: Insight, history: Sequence[StatusChange]) -> Sequence[str]:
    """What an open one is like may be said, what is merged is left alone; what was decided may be taken back."""
    if insight.status is Status.MERGED:
        return ()
    open_ones = (ASK, INTO, KINDS, NOTE) if insight.status.is_open else (NOTE,)
    held = standing(history)
    return (*open_ones, TAKE_BACK) if held else open_ones
