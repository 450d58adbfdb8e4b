"""What can be computed of what surely comes next, one event after the other, before it comes."""

from dialogue.capturing.placing import needs_meaning
from dialogue.capturing.thinking import Understanding, platform_facts, prepared_of, think
from dialogue.events import Event, MessagePosted
from dialogue.router import Thought
from dialogue.understanding.foreseeing import Foreseer


def think_ahead(event: Event, understanding: Understanding, foreseer: Foreseer) -> Thought | None:
    """As :func:`~dialogue.capturing.thinking.think`, with how the message is judged then.

    So it is known what becomes a voice, and no other message's meaning is made.
    """
    if not isinstance(event, MessagePosted):
        return think(event, understanding)
    prepared = prepared_of(event, understanding)
    if event.deleted:
        foreseer.pass_by(prepared.heard.id)
        return Thought(prepared, None)
    foreseen = foreseer.foresee(event.place.lane, prepared, platform_facts(prepared.heard))
    thought = Thought(prepared, None, foreseen)
    if needs_meaning(thought, foreseen.judgement):
        return Thought(prepared, understanding.meaning(prepared), foreseen)
    return thought
