"""``/audit``: what staff and admins did here."""

from typing import Final

from dialogue.actions import AuditOf
from dialogue.cards import name
from dialogue.commands.declarations import Command, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.posts import Fact, Facts, Paragraph, Post
from knowledge_base.audit import AuditEntry, Granted
from knowledge_base.ids import InsightId
from knowledge_base.members import Role

LATEST: Final = 25
"""The entries that are shown."""

COMMAND = Command(
    "audit",
    "help.audit.noun",
    (Verb("show", "help.audit.show", Role.ADMIN), Verb("export", "help.audit.export", Role.ADMIN)),
)


def noun() -> Noun:
    """The command with its handlers."""
    return Noun(COMMAND, {"show": _show, "export": _export})


async def _show(asked: Invocation) -> Answer:
    entries = await asked.context.uow.audit.latest(asked.context.community, LATEST)
    if not entries:
        return asked.answer("audit.none")
    facts = [await _line(asked, entry) for entry in entries]
    return Answer(Post((Paragraph(asked.say("audit.latest")), Facts(tuple(facts)))))


async def _export(asked: Invocation) -> Answer:
    return Answer(AuditOf(asked.member.id))


async def _line(asked: Invocation, entry: AuditEntry) -> Fact:
    uow, community = asked.context.uow, asked.context.community
    member = await uow.members.get(community, entry.by)
    insight = await uow.insights.get(community, InsightId(entry.about)) if entry.about else None
    places = {
        "name": (member and member.name) or asked.say("insight.somebody"),
        "role": asked.say(f"role.{entry.role}"),
        "deed": entry.deed,
        "about": name(insight, asked.context.texts) if insight else entry.about,
    }
    said = asked.say("audit.line" if entry.granted is Granted.YES else "audit.refused", places)
    return Fact(f"{entry.at:%Y-%m-%d %H:%M}", said.strip())
