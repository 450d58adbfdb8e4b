"""Answers to interactions: only who asked sees them."""

from dialogue.actions import Asked, CreditsOf, DigestOf, ExportOf, Outgoing, Reply, Said
from dialogue.events import Interaction
from dialogue.posts import Post
from knowledge_base.members import Member


def reply(event: Interaction, member: Member, answer: Post | CreditsOf | DigestOf | ExportOf) -> Outgoing:
    """A private answer to whoever gave the command, pressed the button or sent the form."""
    return Outgoing(
        Reply(
            event.place.space,
            event.place.channel,
            event.actor.account,
            event.handle,
            answer if isinstance(answer, CreditsOf | DigestOf | ExportOf) else Said(answer),
            member=member.id,
            role=event.actor.role,
        ),
        asked=Asked.YES,
    )
