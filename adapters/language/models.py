"""Which embedder is used."""

from pathlib import Path

from adapters.language.hashing import Hashing
from adapters.language.minilm import FOLDER, MiniLM
from dialogue.ports import Embedder


def load_embedder(folder: Path = FOLDER) -> Embedder:
    """all-MiniLM-L6-v2 if its files are in ``folder``, else the hashing fallback; its ``name`` tells users which."""
    return MiniLM(folder) if MiniLM.is_installed(folder) else Hashing()


def is_fallback(embedder: Embedder) -> bool:
    """Whether it only stands in for the model whose files are missing."""
    return embedder.name == Hashing.name
