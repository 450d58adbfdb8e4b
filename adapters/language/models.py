"""Which models are used to understand."""

from functools import cache
from pathlib import Path

from adapters.language.hashing import Hashing
from adapters.language.identification import FastTextIdentifier
from adapters.language.minilm import FOLDER, MiniLM
from adapters.language.universal import Universal
from dialogue.capturing.thinking import Understanding
from dialogue.meanings import Embedders
from dialogue.ports import Embedder
from dialogue.understanding.kinds import LearnedKinds


@cache
def load_understanding() -> Understanding:
    """The models by which messages are understood: those that ship, or the fallback that needs none.

    One for a process, whose models are read when they are first asked.
    """
    return Understanding(FastTextIdentifier(), LearnedKinds(), load_embedders())


def load_embedders(folder: Path = FOLDER) -> Embedders:
    """all-MiniLM-L6-v2, and the universal sentence encoder across languages, as far as their files are in ``folder``.

    Where the first is missing the hashing fallback stands in for it; their names tell users which are used.
    """
    universal = folder / "universal"
    main = MiniLM(folder) if MiniLM.is_installed(folder) else Hashing()
    return Embedders(main, Universal(universal) if Universal.is_installed(universal) else None)


def is_fallback(embedder: Embedder) -> bool:
    """Whether it only stands in for the model whose files are missing."""
    return embedder.name == Hashing.name
