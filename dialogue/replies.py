"""Answers to interactions: only who asked sees them."""

from dialogue.actions import Asked, Later, OutboxId, Outgoing, Reply, Said
from dialogue.events import Interaction
from dialogue.posts import Post
from knowledge_base.members import Member


def reply(event: Interaction, member: Member, answer: Post | Later, named: OutboxId | None = None) -> Outgoing:
    """A private answer to whoever gave the command, pressed the button or sent the form. ``named``: its row."""
    return Outgoing(
        Reply(
            event.place.space,
            event.place.channel,
            event.actor.account,
            event.handle,
            Said(answer) if isinstance(answer, Post) else answer,
            member=member.id,
            role=event.actor.role,
        ),
        asked=Asked.YES,
        id=named,
    )
