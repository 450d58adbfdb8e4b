"""What was learned from corrections, in sentences that say from which."""

from collections.abc import Sequence
from typing import Final

from dialogue.texts.catalogue import Texts
from knowledge_base.learning import Dial, Finding, Learned, Lesson, Teaching

_LISTED: Final = 8
"""How many corrections a sentence names, the latest."""


def label(finding: Finding, texts: Texts) -> str:
    """What is moved or not."""
    places = {"kind": texts.say(f"kind.{finding.kind}")} if finding.kind else {}
    return texts.say(f"learning.{finding.dial}", places)


def sentence(finding: Finding, texts: Texts) -> str:
    """From which corrections, what holds here, and what is shipped."""
    key = f"learning.{finding.dial}_{'kept' if finding.here == finding.shipped else 'moved'}"
    places: dict[str, str | int] = {
        "evidence": _evidence(finding, texts),
        "here": _value(finding.dial, finding.here),
        "shipped": _value(finding.dial, finding.shipped),
    }
    return texts.say("learning.named", {"said": texts.say(key, places), "numbers": _numbers(finding)})


def changes(before: Learned, after: Learned, texts: Texts) -> Sequence[str]:
    """What holds now that did not hold before, a sentence each."""
    known = {(finding.dial, finding.kind): finding.here for finding in before.findings}
    changed = [
        finding
        for finding in after.findings
        if known.get((finding.dial, finding.kind), finding.shipped) != finding.here
    ]
    return [f"{label(finding, texts)}: {sentence(finding, texts)}" for finding in changed]


def _evidence(finding: Finding, texts: Texts) -> str:
    parts = [_counted(lessons, texts, finding.dial) for lessons in (finding.more, finding.less) if lessons]
    return parts[0] if len(parts) == 1 else texts.say("learning.against", {"more": parts[0], "less": parts[1]})


def _counted(lessons: Sequence[Lesson], texts: Texts, dial: Dial) -> str:
    teaches = lessons[0].teaches
    key = f"taught.{teaches}" if len(lessons) > 1 else f"taught.{teaches}_one"
    said = texts.say(key, {"count": len(lessons)})
    if teaches is Teaching.KIND:
        return said
    low, high = (_value(dial, edge([one.at for one in lessons])) for edge in (min, max))
    if low == high:
        return texts.say("learning.at", {"what": said, "at": low})
    return texts.say("learning.from_to", {"what": said, "low": low, "high": high})


def _value(dial: Dial, value: float) -> str:
    return f"{value:.2f}" if dial in (Dial.MERGE, Dial.SUGGEST) else f"{round(100 * value)} %"


def _numbers(finding: Finding) -> str:
    numbers = sorted({one.number for one in (*finding.more, *finding.less)})
    return ", ".join(("…" if numbers[_LISTED:] else "", *(f"#{one}" for one in numbers[-_LISTED:]))).removeprefix(", ")
