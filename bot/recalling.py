"""The models for a dry run, where much is said again: the vectors of texts are kept on disk."""

from dataclasses import replace
from functools import cache

from adapters.files.vectors import Recalling
from adapters.language import models
from dialogue.capturing.thinking import Understanding
from dialogue.meanings import Embedders
from dialogue.ports import Embedder


def load_recalling() -> Understanding:
    """As :func:`~adapters.language.models.load_understanding`; for one thread at a time."""
    return _recalling(models.load_understanding())


@cache
def _recalling(understanding: Understanding) -> Understanding:
    main, across = understanding.embedders.main, understanding.embedders.across
    return replace(understanding, embedders=Embedders(_kept(main), _kept(across) if across else None))


def _kept(embedder: Embedder) -> Embedder:
    """The fallback is as quick as a disk."""
    return embedder if models.is_fallback(embedder) else Recalling(embedder)
