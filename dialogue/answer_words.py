"""What an answer is called and says, in the words of those whom it is from."""

from collections.abc import Sequence

from dialogue.extracts import tells
from dialogue.posts import Text, Words
from dialogue.texts.catalogue import Texts
from knowledge_base.answers import Answer, Part, Source, narrowed
from knowledge_base.kinds import Kind
from knowledge_base.titles import title_of


def words_of(source: Source, answer: Answer, text: str) -> Words:
    """Text of a source's author, which goes nowhere where the answer may not."""
    return Words(text, narrowed(source.origin, answer.audience), source.member, source.shares_private)


def worded(answer: Answer, sources: Sequence[Source], text: str) -> Text:
    """Text of its wording: of a found answer it is its sources' words, of an imported one the firm's own."""
    if answer.question is None:
        return text
    shown = [source for source in sources if source.part is not Part.PROOF]
    first = next((source for source in shown if source.member == answer.solver), shown[0] if shown else None)
    if first is None:
        return ""
    allowed = all(source.shares_private for source in shown)
    return Words(text, narrowed(first.origin, answer.audience), first.member, allowed)


def title(answer: Answer, sources: Sequence[Source]) -> Text:
    """The question in short."""
    if answer.wording.questions:
        return worded(answer, sources, title_of(answer.wording.questions[0], tells(Kind.QUESTION)))
    asked = next((source for source in sources if source.part is Part.QUESTION), None)
    return words_of(asked, answer, title_of(asked.text, tells(Kind.QUESTION))) if asked else ""


def name(answer: Answer, texts: Texts) -> str:
    """Its number, e.g. "Answer #12"."""
    return texts.say("answer.name", {"number": answer.number})
