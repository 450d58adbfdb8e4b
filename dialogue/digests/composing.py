"""The digest as it is read, composed when it is sent, from what is stored then."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from dialogue.actions import DigestOf, Occasion
from dialogue.cards import demand, name, title
from dialogue.charts import Charts
from dialogue.closing.storing import Heard
from dialogue.digests.contents import Contents, Part
from dialogue.digests.picturing import picture
from dialogue.digests.windows import is_late, is_weekly
from dialogue.fence import Destination
from dialogue.ports import UnitOfWork
from dialogue.posts import Block, Fact, Facts, Heading, Paragraph, Post, plain
from dialogue.routing import may_show_cards
from dialogue.texts.catalogue import Texts
from knowledge_base.channels import Channel
from knowledge_base.digests import DigestInsight, DigestPart, DigestSettings
from knowledge_base.facets import Urgency
from knowledge_base.ids import CommunityId, InsightId
from knowledge_base.insights import Status
from knowledge_base.members import Role

_WITH_DAYS: Final = (DigestPart.WAITING, DigestPart.QUESTIONS)


async def compose_digest(
    uow: UnitOfWork,
    community: CommunityId,
    digest: DigestOf,
    destination: Destination,
    texts: Texts,
    charts: Charts | None,
) -> Post:
    """A team's digest for its channel, or for one of staff; a sentence where nothing may be shown or is left.

    In the team's own language. Without ``charts`` there is no picture. Reads only.
    """
    if not _may_read(destination):
        return plain(texts.say("card.withheld"))
    team = next((team for team in await uow.teams.teams(community) if team.id == digest.team), None)
    settings = (await uow.digests.settings(community)).get(digest.team)
    if team is None or settings is None:
        return plain(texts.say("card.gone"))
    said = texts.speaking(settings.language)
    contents = await Contents.of(uow, digest, settings)
    came_up = await contents.came_up()
    if digest.occasion is Occasion.PREVIEW and not contents.tells_news(came_up):
        return plain(texts.say("digest_set.nothing", {"team": team.name}))
    blocks = await _blocks(contents, await contents.parts(came_up), said)
    if not blocks:
        return plain(said.say("card.gone"))
    if charts is not None and DigestPart.PICTURE in settings.parts:
        blocks.extend(await picture(uow, digest, settings, said, charts))
    ranking = Paragraph(said.say("digest.ranking_tiers" if contents.tiers else "digest.ranking"))
    return Post((*_head(team.name, digest, settings, said), *blocks, ranking))


def _may_read(destination: Destination) -> bool:
    if isinstance(destination, Channel):
        return may_show_cards(destination)
    return destination.role.may(Role.STAFF)


def _head(team: str, digest: DigestOf, settings: DigestSettings, texts: Texts) -> Sequence[Block]:
    if is_weekly(digest):
        heading = texts.say("digest.title", {"team": team})
    else:
        since = _there(digest.since, settings).date().isoformat()
        heading = texts.say("digest.title_since", {"team": team, "date": since})
    head: list[Block] = [Heading(heading)]
    if digest.due is not None and is_late(digest):
        due = _there(digest.due, settings).isoformat(" ", "minutes")[:16]
        head.append(Paragraph(texts.say("digest.late", {"due": due})))
    if digest.unposted is not None:
        date = _there(digest.unposted, settings).date().isoformat()
        head.append(Paragraph(texts.say("digest.unposted", {"date": date})))
    return head


def _there(moment: datetime, settings: DigestSettings) -> datetime:
    return moment.astimezone(ZoneInfo(settings.zone))


async def _blocks(contents: Contents, parts: Mapping[DigestPart, Part], texts: Texts) -> list[Block]:
    uow, community = contents.uow, contents.settings.community
    await uow.insights.read_ahead(community, [row.insight.id for one in parts.values() for row in one.named])
    shipped = [row.insight.id for row in parts[DigestPart.SHIPPED].rows] if DigestPart.SHIPPED in parts else []
    heard = await uow.tellings.heard(community, shipped, Status.SHIPPED) if shipped else {}
    blocks: list[Block] = []
    for part, found in parts.items():
        facts = [await _line(uow, part, row, contents.digest, heard, texts) for row in found.named]
        heading = _heading(part, found, heard, texts)
        blocks.extend((Paragraph(heading), Facts(tuple(facts))))
    return blocks


def _heading(part: DigestPart, found: Part, heard: Mapping[InsightId, Heard], texts: Texts) -> str:
    """What the part is; of what is not named in it, how much there is, and how many heard of it all."""
    said = [texts.say(f"digest.{part}")]
    shown = len(found.named)
    if shown < found.many:
        said = [texts.say("digest.part_of", {"part": said[0], "shown": shown, "all": found.many})]
        said += [texts.say("digest.later", {"count": len(found.later)})] if found.later else []
        said += _heard_of(_all(heard.values()), texts) if part is DigestPart.SHIPPED else []
    return texts.say("digest.part", {"part": ", ".join(said)})


def _all(heard: Collection[Heard]) -> Heard:
    return Heard(
        sum(one.told for one in heard),
        sum(one.unreached for one in heard),
        sum(one.waiting for one in heard),
    )


def _heard_of(heard: Heard, texts: Texts) -> Sequence[str]:
    """Who was told that it shipped."""
    counts = (
        ("digest.told", heard.told),
        ("digest.unreached", heard.unreached),
        ("digest.being_told", heard.waiting),
    )
    said = [texts.say(key, {"count": count}) for key, count in counts if count]
    return said or [texts.say("digest.untold")]


async def _line(
    uow: UnitOfWork,
    part: DigestPart,
    row: DigestInsight,
    digest: DigestOf,
    heard: Mapping[InsightId, Heard],
    texts: Texts,
) -> Fact:
    voices = await uow.insights.voices(row.insight.community, row.insight.id)
    why = list(_why(part, row, digest, texts))
    if part is DigestPart.SHIPPED:
        why += _heard_of(heard.get(row.insight.id, Heard()), texts)
    return Fact(", ".join(why), title(row.insight, voices) or "")


def _why(part: DigestPart, row: DigestInsight, digest: DigestOf, texts: Texts) -> Sequence[str]:
    """Which insight, and what it is ranked by."""
    why = [name(row.insight, texts), demand(row.insight, texts)]
    if part is DigestPart.SHIPPED:
        return why
    if row.more and row.told_at is not None and row.told_at < digest.until:
        why.append(texts.say("digest.more", {"count": row.more}))
    why.extend(texts.say("digest.tier", {"count": count, "tier": tier}) for tier, count in row.tiers)
    if row.urgency is not Urgency.NONE:
        why.append(texts.say("digest.urgent" if row.urgency is Urgency.NOW else "digest.soon"))
    days = (digest.until - row.insight.first_at).days
    if days and part in _WITH_DAYS:
        why.append(texts.say("digest.day") if days == 1 else texts.say("digest.days", {"count": days}))
    return why
