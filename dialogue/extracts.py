"""Extracts: what people said, made ready for sentences to be taken out of it."""

from functools import cache
from typing import Final

from dialogue.fence import visible
from dialogue.models import Masker
from dialogue.understanding.kinds import LearnedKinds
from dialogue.understanding.reading import read
from knowledge_base.channels import Audience
from knowledge_base.insights import Insight, Voice
from knowledge_base.kinds import Kind
from knowledge_base.titles import LONGEST, Extract, Statement, Tells, summary

_READ: Final = 30
"""The voices that are read for a summary, the first of them."""


def is_withheld(voice: Voice) -> bool:
    """Whether its author keeps it where it was said."""
    return voice.origin.audience is Audience.PRIVATE and not voice.shares_private


def statement(voice: Voice, masker: Masker) -> Statement:
    """What a voice says, masked whole."""
    return Statement(voice.message, voice.member, masker.mask(visible(voice.text)))


def summed_up(
    insight: Insight, voices: tuple[Voice, ...], quoted: tuple[Voice, ...], masker: Masker
) -> tuple[Extract, ...]:
    """Short sentences of different people that add something to the title, and to quotes that are short themselves."""
    short = [voice for voice in quoted if len(voice.text) <= LONGEST]
    known = [insight.title, *(voice.text for voice in short)]
    speakers = frozenset(voice.member for voice in voices if voice.message == insight.titled_by)
    said = [statement(voice, masker) for voice in voices[:_READ] if not is_withheld(voice)]
    return summary(said, known, speakers.union(voice.member for voice in short), tells(insight.kind))


@cache
def tells(kind: Kind) -> Tells:
    """Whether a sentence by itself says what insights of this kind say."""
    classifier = LearnedKinds()
    return lambda sentence: classifier.classify(read(sentence)).kind is kind
