"""The credits page: what shipped, what was answered, and thanks to whom, as each wants to be named.

It may be put up in public, so it holds only what was said in public: of what was said elsewhere it counts people, as of
those who are not to be named. Who takes their words back, or wants nothing kept of them, is not on the next page.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from dialogue.actions import CreditsForm
from dialogue.cards import name
from dialogue.cards import title as title_words
from dialogue.fence import visible
from dialogue.models import Masker
from dialogue.ports import UnitOfWork
from dialogue.posts import Document, Paragraph, Post
from dialogue.texts.catalogue import Texts
from knowledge_base.answers import Answer, Part
from knowledge_base.channels import Audience, Origin, Shared
from knowledge_base.ids import CommunityId, MemberId
from knowledge_base.insights import Insight, Status, Voice
from knowledge_base.members import Recording, credited_as
from knowledge_base.terms import Terms, in_force

FORMAT: Final = "parley-credits-1"
MOST: Final = 1000
"""Closed insights that are looked at, the last heard first."""

_MARKUP: Final = re.compile(r"([\\`*_{}\[\]<>()#+!|~-])")


@dataclass(frozen=True, slots=True)
class CreditedVoice:
    """One voice that led to a change: by whom, if they are named; which version of the terms held when it was said."""

    by: str | None
    said_on: str
    terms: int | None
    link: str | None


@dataclass(frozen=True, slots=True)
class Shipped:
    """A change and every voice behind it. ``others``: how many people more, who are not named."""

    number: int
    name: str
    title: str | None
    shipped_on: str | None
    link: str | None
    people: Sequence[str]
    others: int
    voices: Sequence[CreditedVoice]


@dataclass(frozen=True, slots=True)
class Solved:
    """An approved answer, by whoever solved it."""

    number: int
    by: str | None
    said_on: str
    terms: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that is credited, the newest first."""

    shipped: Sequence[Shipped]
    answers: Sequence[Solved]


async def compose_credits(
    uow: UnitOfWork, community: CommunityId, owner: MemberId, form: CreditsForm, texts: Texts, masker: Masker
) -> Post:
    """A sentence, and the page as a file for whoever asked."""
    page = await _Crediting(uow, community, texts, masker).page()
    if not page.shipped and not page.answers:
        return Post((Paragraph(texts.say("credits.nothing")),))
    instead = texts.say("credits.not_taken")
    if form is CreditsForm.JSON:
        content = json.dumps({"format": FORMAT, **asdict(page)}, ensure_ascii=False, indent=1)
        document = Document("credits.json", "application/json", _bytes(content), owner, instead)
    else:
        document = Document("credits.md", "text/markdown", _bytes(_markdown(page, texts)), owner, instead)
    return Post((Paragraph(texts.say("credits.page")), document))


class _Crediting:
    """Reads what is credited; each member once."""

    def __init__(self, uow: UnitOfWork, community: CommunityId, texts: Texts, masker: Masker) -> None:
        self._uow = uow
        self._community = community
        self._texts = texts
        self._masker = masker
        self._names: dict[MemberId, str] = {}
        self._terms: Sequence[Terms] = ()

    async def page(self) -> Page:
        self._terms = await self._uow.terms.versions(self._community)
        closed = await self._uow.insights.closed(self._community, MOST)
        shipped = [await self._shipped(one) for one in closed if one.status is Status.SHIPPED]
        approved = [await self._solved(one) for one in await self._uow.answers.approved(self._community)]
        return Page(
            sorted(shipped, key=lambda one: (one.shipped_on or "", one.number), reverse=True),
            [one for one in reversed(approved) if one is not None],
        )

    async def _shipped(self, insight: Insight) -> Shipped:
        voices = await self._uow.insights.voices(self._community, insight.id)
        public = [voice for voice in voices if _is_public(voice.origin)]
        named = {voice.member: await self._named(voice.member) for voice in public}
        people = sorted({one for one in named.values() if one}, key=str.casefold)
        title = title_words(insight, voices)
        history = await self._uow.insights.history(self._community, insight.id)
        days = [change.at.date().isoformat() for change in history if change.status is Status.SHIPPED]
        return Shipped(
            number=insight.number,
            name=name(insight, self._texts),
            title=self._clean(title.text) if title and _is_public(title.origin) else None,
            shipped_on=days[-1] if days else None,
            link=insight.link or None,
            people=people,
            others=len({voice.member for voice in voices}) - sum(1 for one in named.values() if one),
            voices=[self._voice(voice, named) for voice in public],
        )

    def _voice(self, voice: Voice, named: Mapping[MemberId, str]) -> CreditedVoice:
        by = named[voice.member] or None
        return CreditedVoice(by, voice.at.date().isoformat(), self._version(voice.at), voice.link if by else None)

    async def _solved(self, answer: Answer) -> Solved | None:
        """None for what was not solved in public, or by nobody here."""
        sources = await self._uow.answers.sources(self._community, answer.id)
        solutions = [one for one in sources if one.part is Part.SOLUTION]
        if not solutions or not all(_is_public(one.origin) for one in solutions):
            return None
        by, first = await self._named(solutions[0].member), solutions[0].at
        return Solved(answer.number, by or None, first.date().isoformat(), self._version(first))

    async def _named(self, member: MemberId) -> str:
        if member not in self._names:
            known = await self._uow.members.get(self._community, member)
            is_out = known is None or known.consent.recording is Recording.STOPPED
            self._names[member] = "" if known is None or is_out else credited_as(known.name, known.consent.naming)
        return self._clean(self._names[member])

    def _version(self, at: datetime) -> int | None:
        terms = in_force(self._terms, at)
        return terms.version if terms else None

    def _clean(self, text: str) -> str:
        return " ".join(self._masker.mask(visible(text)).split())


def _is_public(origin: Origin) -> bool:
    return origin.audience is Audience.PUBLIC and origin.shared is Shared.NO


def _markdown(page: Page, texts: Texts) -> str:
    lines = [f"# {texts.say('credits.title')}", ""]
    for one in page.shipped:
        link = f" ([↗](<{one.link}>))" if one.link else ""
        day = f", {one.shipped_on}" if one.shipped_on else ""
        lines.append(f"- **{_escaped(one.title or one.name)}**{day}{link}: {_thanks(one.people, one.others, texts)}")
    solvers = sorted({one.by for one in page.answers if one.by}, key=str.casefold)
    if page.answers:
        unnamed = sum(1 for one in page.answers if not one.by)
        answers = texts.say("credits.answers", {"count": len(page.answers)})
        lines += ["", f"{answers}: {_thanks(solvers, unnamed, texts)}"]
    return "\n".join([*lines, ""])


def _thanks(people: Sequence[str], others: int, texts: Texts) -> str:
    named = ", ".join(map(_escaped, people))
    if not others:
        return named
    key = "credits.others" if others > 1 else "credits.other"
    if not named:
        key = "credits.unnamed" if others > 1 else "credits.unnamed_one"
    return texts.say(key, {"named": named, "count": others})


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
