"""The answers a community has stored: brought in from files, written to files, and read to be asked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from adapters.files.answers import KnownAnswer
from adapters.files.writing import written
from adapters.language.models import load_understanding
from adapters.storage.address import Address
from adapters.storage.database import Access
from bot.wiring import open_storage, throwaway_sealer
from dialogue.errors import DialogueError
from dialogue.ports import Ids, LanguageIdentifier, UnitOfWork
from knowledge_base.answers import Answer, AnswerChange, AnswerState, Deed, Part, Source, Wording, narrowed
from knowledge_base.channels import Audience, Shared
from knowledge_base.ids import AnswerId, CommunityId
from knowledge_base.outcomes import Outcome, Proof


class WhichCommunity(DialogueError):
    """Several communities are in the database, or none of that name. The message names those there are."""


@dataclass(frozen=True, slots=True)
class Imported:
    """How many answers were new, are worded otherwise than at the last import, and were there already."""

    new: int = 0
    changed: int = 0
    same: int = 0

    def in_words(self) -> str:
        """For people."""
        return f"{self.new} new, {self.changed} changed, {self.same} as they were."


@dataclass(frozen=True, slots=True)
class Stored:
    """What may be asked and written out; ``withheld``: how many more were not said in public, and stay there."""

    answers: Sequence[KnownAnswer]
    withheld: int


async def import_answers(
    url: str, answers: Sequence[KnownAnswer], community: str | None, now: datetime, ids: Ids
) -> Imported:
    """Approve these answers; in one transaction. Importing the same again changes nothing, nor what staff made of it.

    A database without any community gets one, which the first space that connects becomes part of. Raises
    :class:`WhichCommunity` and :class:`~dialogue.errors.StorageUnavailable`.
    """
    identifier = load_understanding().identifier
    async with open_storage(url, throwaway_sealer()) as storage, storage.begin() as uow:
        known = await uow.communities.all()
        chosen = await _expected(uow, ids, now) if not known and community is None else _chosen(known, community)
        await uow.communities.lock(chosen)
        done = [await _import(uow, chosen, answer, identifier, now) for answer in answers]
        await uow.commit()
    return Imported(done.count("new"), done.count("changed"), done.count("same"))


async def stored_answers(url: str, community: str | None) -> Stored:
    """What a community may say in public: nothing where there is no database yet.

    Raises :class:`WhichCommunity` and :class:`~dialogue.errors.StorageUnavailable`.
    """
    if _is_missing(url):
        return Stored((), 0)
    async with open_storage(url, throwaway_sealer(), Access.READ) as storage, storage.read() as uow:
        known = await uow.communities.all()
        if not known and community is None:
            return Stored((), 0)
        chosen = _chosen(known, community)
        found = await uow.answers.approved(chosen)
        said = [(answer, await uow.answers.sources(chosen, answer.id)) for answer in found]
    public = [_as_known(answer, sources) for answer, sources in said if _is_public(answer, sources)]
    return Stored(public, len(found) - len(public))


def export_answers(answers: Sequence[KnownAnswer], out: Path) -> None:
    """Write them. Raises :class:`~adapters.files.errors.Unwritable`."""
    with written(out) as rows:
        for answer in answers:
            rows.write(
                {
                    "id": answer.id,
                    "questions": list(answer.questions),
                    "answer": answer.answer,
                    "tags": list(answer.tags),
                    "source": answer.source,
                }
            )


def _is_missing(url: str) -> bool:
    path = Address.parse(url).path
    return path is not None and not path.exists()


def _chosen(known: Sequence[tuple[CommunityId, str]], named: str | None) -> CommunityId:
    fitting = [community for community, name in known if named is None or named in (community, name)]
    if len(fitting) == 1:
        return fitting[0]
    names = ", ".join(sorted(name for _, name in known)) or "none"
    raise WhichCommunity(f"say with --community which one is meant; there are: {names}")


async def _expected(uow: UnitOfWork, ids: Ids, now: datetime) -> CommunityId:
    community = CommunityId(ids.fresh())
    await uow.communities.expect(community, "imported", now)
    return community


async def _import(
    uow: UnitOfWork, community: CommunityId, given: KnownAnswer, identifier: LanguageIdentifier, now: datetime
) -> str:
    wording = Wording(given.questions, given.answer)
    known = await uow.answers.get(community, AnswerId(given.id))
    if known is None:
        await uow.answers.add(_new(community, given, wording, identifier, now))
        await _record(uow, community, given, wording, now)
        return "new"
    # what the file says is compared with what it said before, so that what staff changed since stays
    imports = [one for one in await uow.answers.history(community, known.id) if one.deed is Deed.IMPORT]
    before = imports[-1].wording if imports else known.wording
    if (before, known.tags, known.source) == (wording, given.tags, given.source):
        return "same"
    state = known.state if before == wording else AnswerState.APPROVED
    worded = known.wording if before == wording else wording
    await uow.answers.replace(replace(known, state=state, wording=worded, tags=given.tags, source=given.source))
    await _record(uow, community, given, wording, now)
    return "changed"


def _new(
    community: CommunityId, given: KnownAnswer, wording: Wording, identifier: LanguageIdentifier, now: datetime
) -> Answer:
    return Answer(
        id=AnswerId(given.id),
        community=community,
        number=0,
        state=AnswerState.APPROVED,
        outcome=Outcome.CONFIRMED,
        proof=Proof.IMPORTED,
        audience=Audience.PUBLIC,
        language=identifier.identify(given.questions[0]),
        at=now,
        wording=wording,
        tags=given.tags,
        source=given.source,
    )


async def _record(uow: UnitOfWork, community: CommunityId, given: KnownAnswer, wording: Wording, now: datetime) -> None:
    change = AnswerChange(AnswerId(given.id), Deed.IMPORT, AnswerState.APPROVED, wording, None, now)
    await uow.answers.record(community, change)


def _is_public(answer: Answer, sources: Sequence[Source]) -> bool:
    """Whether everybody in the community may hear it: who asks at a terminal is nobody in particular."""
    origins = [narrowed(source.origin, answer.audience) for source in sources]
    return all(origin.audience is Audience.PUBLIC and origin.shared is Shared.NO for origin in origins)


def _as_known(answer: Answer, sources: Sequence[Source]) -> KnownAnswer:
    link = next((source.link for source in sources if source.part is Part.SOLUTION and source.link), None)
    wording = answer.wording
    return KnownAnswer(answer.id, wording.questions, wording.text, answer.tags, answer.source or link)
