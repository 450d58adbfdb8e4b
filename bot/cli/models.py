"""Which models are in use, told on standard error."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from dialogue.ports import Embedder


def tell_model(embedder: "Embedder") -> None:
    """Name the model by which meaning is compared, and say so where it is only the fallback."""
    from adapters.language.models import is_fallback

    missing = " (the language model's files are missing: only equal words are found; reinstall Parley)"
    typer.echo(f"parley: model {embedder.name}{missing if is_fallback(embedder) else ''}", err=True)
