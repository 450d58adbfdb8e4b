"""What texts mean, by the models that can tell: the finer one for its own language, another one across languages."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np

from dialogue.models import Embedder
from knowledge_base.languages import UNDETERMINED
from knowledge_base.merging import Embedding, Meaning, Thresholds
from knowledge_base.speech import readable, without_names

READING: Final = "without names"
"""Which part of a text the models are given. Vectors of texts that were read otherwise are made again."""
REMEMBERED: Final = 512
"""Texts, the last ones; 4 KB each."""
EXAMPLES: Final = 4_096
"""The same of what all is compared with: one after the other, so that fewer would be as good as none."""
_LETTER: Final = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Embedders:
    """The models in use. ``across``, where there is one, is asked about every text, ``main`` about those it is for.

    Without ``across``, ``main`` is asked about everything.
    """

    main: Embedder
    across: Embedder | None = None
    _lately: Callable[[str, str], Meaning] = field(init=False, compare=False, repr=False)
    _glanced: Callable[[str], Embedding] = field(init=False, compare=False, repr=False)
    _examples: Callable[[str, str], Meaning] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Begin to remember."""
        object.__setattr__(self, "_lately", lru_cache(REMEMBERED)(self._made))
        object.__setattr__(self, "_glanced", lru_cache(REMEMBERED)(self._at_a_glance))
        object.__setattr__(self, "_examples", lru_cache(EXAMPLES)(self._made))

    @property
    def name(self) -> str:
        """The name of all models together and of how texts are read: what is stored with the vectors they make."""
        return f"{' + '.join(model.name for model in self.models)}, {READING}"

    @property
    def models(self) -> tuple[Embedder, ...]:
        """All of them, the main one first."""
        return (self.main,) if self.across is None else (self.main, self.across)

    @property
    def of_every_text(self) -> Embedder:
        """The model that is asked about every text, so that all voices can be compared by it."""
        return self.models[-1]

    def finest(self, language: str) -> Embedder:
        """The model that is asked first about texts in a language."""
        return self._asked(language)[0]

    def as_main(self, cosine: float, enough: float) -> float:
        """A cosine by one of the models as the main one's that is as far from where it merges.

        Cosines of two models say nothing about each other, but for which is nearer to what is ``enough`` to merge.
        """
        return round(cosine - enough + self.main.thresholds.merge, 6)

    def meaning(self, text: str, language: str) -> Meaning:
        """What the part of a text means that people say: code, links, quoted lines and names spoken to are left out.

        ``language`` is what the text alone is taken to be in, so equal texts mean the same; what was said lately is
        remembered, so that who says one thing a thousand times takes no time.
        """
        return self._lately(_said(text), language)

    def at_a_glance(self, text: str) -> Embedding:
        """The same to the one model that is asked about every text."""
        return self._glanced(_said(text))

    def example(self, text: str, language: str) -> Meaning:
        """The same of what all that is said is compared with: remembered apart from that."""
        return self._examples(_said(text), language)

    def _made(self, said: str, language: str) -> Meaning:
        if not _LETTER.search(said):
            return self.nothing(language)
        finer = self._asked(language)[:-1]
        return Meaning(self.name, (*(Embedding(model.name, model.embed(said)) for model in finer), self._glanced(said)))

    def _at_a_glance(self, said: str) -> Embedding:
        model = self.of_every_text
        return Embedding(model.name, model.embed(said) if _LETTER.search(said) else np.zeros(model.size, np.float32))

    def nothing(self, language: str) -> Meaning:
        """What words mean that say nothing by themselves: near to nothing, by the same models."""
        asked = self._asked(language)
        return Meaning(self.name, tuple(Embedding(model.name, np.zeros(model.size, np.float32)) for model in asked))

    def thresholds(self, model: str) -> Thresholds:
        """Those of one of the models, by its name."""
        return next(one.thresholds for one in self.models if one.name == model)

    def _asked(self, language: str) -> tuple[Embedder, ...]:
        return self.models if self.across is None or self._is_for_main(language) else (self.across,)

    def _is_for_main(self, language: str) -> bool:
        languages = self.main.languages
        return languages is None or language in languages or language == UNDETERMINED


def _said(text: str) -> str:
    return without_names(readable(text)).strip()
