"""The models for going over what was said before, where much is said again: what a text means is made once."""

from dataclasses import replace
from functools import cache

from adapters.files.vectors import Recalling
from adapters.language.models import load_understanding
from dialogue.capturing.thinking import Understanding
from dialogue.meanings import Embedders


@cache
def load_recalling() -> Understanding:
    """As :func:`load_understanding`, for a process that goes over a history."""
    understanding = load_understanding()
    main, across = understanding.embedders.main, understanding.embedders.across
    return replace(understanding, embedders=Embedders(Recalling(main), Recalling(across) if across else None))
