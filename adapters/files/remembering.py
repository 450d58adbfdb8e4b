"""A judged message as one line of JSON, for memory that went to disk."""

import json
from datetime import datetime

from dialogue.understanding.values import REMEMBERED, Heard, Judged, KindGuess, Prepared, Sign
from knowledge_base.ids import ConversationId, MessageId
from knowledge_base.kinds import Kind
from knowledge_base.members import Role


def packed(judged: Judged) -> str:
    """The judged message as JSON."""
    prepared, heard = judged.prepared, judged.prepared.heard
    return json.dumps(
        [
            [heard.id, heard.author, heard.author_name, heard.role, heard.at.isoformat(), heard.text],
            [heard.reply_to, heard.thread],
            [prepared.language, prepared.words],
            [sorted(names) for names in (prepared.names, prepared.addressees, prepared.hints)],
            [prepared.guess.kind, prepared.guess.confidence, sorted(prepared.signs)],
            [prepared.seconds, prepared.length],
            [judged.conversation, judged.reply_to, judged.kind, judged.confidence],
        ],
        separators=(",", ":"),
    )


def unpacked(line: str) -> Judged:
    """What :func:`packed` packed."""
    said, facts, words, named, guess, measures, judged = json.loads(line)
    id_, author, author_name, role, at, text = said
    language, rare = words
    names, addressees, hints = named
    kind, confidence, signs = guess
    heard = Heard(MessageId(id_), author, author_name, Role(role), datetime.fromisoformat(at), text, *facts)
    prepared = Prepared(
        heard=heard,
        language=language,
        words=tuple(rare),
        names=frozenset(names),
        addressees=frozenset(addressees),
        hints=frozenset(hints),
        guess=KindGuess(Kind(kind), confidence, REMEMBERED),
        signs=frozenset(map(Sign, signs)),
        seconds=measures[0],
        length=measures[1],
    )
    conversation, reply_to, decided, surely = judged
    return Judged(prepared, ConversationId(conversation), reply_to, Kind(decided), surely)
