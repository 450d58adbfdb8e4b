"""What staff see of a rule: whom it would remind now, and whether it does anything."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final

from dialogue.closing.preparing import people
from dialogue.posts import Block, Fact, Facts, Paragraph, Post, plain
from dialogue.reminding.choosing import LOOKED, Candidate, looked_up
from dialogue.texts.catalogue import Texts
from knowledge_base.effects import LEAST, Effect, Group, Verdict
from knowledge_base.ids import MemberId
from knowledge_base.reminders import Obstacle, Reminder, filled, is_held_back

AFTER: Final = timedelta(days=28)
"""For how long it is counted what somebody says after a rule's first occasion of theirs."""


def tested(rule: Reminder, found: Sequence[Candidate], texts: Texts) -> Post:
    """How many it would remind now and what keeps it from others, with an example that names nobody."""
    ready = {one.occasion.member: one for one in found if one.facts}
    held = sum(is_held_back(rule, member) for member in ready)
    places: dict[str, str | int] = {"number": rule.number, "count": len(ready) - held, "held": held}
    blocks: list[Block] = [Paragraph(texts.say("reminder.tested", places))]
    facts = [Fact(label, str(count)) for label, count in _kept(found, ready, texts)]
    blocks += [Facts(tuple(facts))] if facts else []
    if looked_up(found) >= LOOKED:
        blocks.append(Paragraph(texts.say("reminder.tested_in_part", {"looked": LOOKED})))
    example = next(iter(ready.values()), None)
    if example is not None and example.facts is not None:
        blocks += [Paragraph(texts.say("reminder.example")), Paragraph(filled(rule.text, example.facts.places))]
    return Post(tuple(blocks))


def _kept(found: Sequence[Candidate], ready: Collection[MemberId], texts: Texts) -> Sequence[tuple[str, int]]:
    """By the reason, how many people are not reminded for it."""
    others = {one.occasion.member: one for one in found if one.occasion.member not in ready}
    counts = Counter(one.obstacle for one in others.values())
    labels = [(texts.say(f"obstacle.{one}"), counts[one]) for one in Obstacle]
    return [(label, count) for label, count in [*labels, (texts.say("reminder.no_news"), counts[None])] if count]


def shown_effect(rule: Reminder, effect: Effect, texts: Texts) -> Post:
    """Both groups and what can be said of them, plainly also where that is nothing."""
    if not rule.share:
        return plain(texts.say("reminder.nobody_held", {"number": rule.number}))
    verdict = effect.verdict
    places: dict[str, str | int] = {
        "number": rule.number,
        "least": LEAST,
        "days": AFTER.days,
        "low": f"{effect.low:+.2f}",
        "high": f"{effect.high:+.2f}",
    }
    groups = (("reminder.reminded", effect.reminded), ("reminder.held", effect.held))
    facts = [Fact(texts.say(label), _group(of, verdict, texts)) for label, of in groups]
    return Post((Paragraph(texts.say(f"effect.{verdict}", places)), Facts(tuple(facts))))


def _group(group: Group, verdict: Verdict, texts: Texts) -> str:
    if verdict is Verdict.TOO_FEW:
        return people(group.people, texts)
    return texts.say("reminder.group", {"people": people(group.people, texts), "mean": f"{group.mean:.2f}"})
