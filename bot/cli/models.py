"""Which models are in use, told on standard error."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from dialogue.ports import Embedder


def tell_models(*models: "Embedder") -> None:
    """Name the models by which meaning is compared, the main one first; say so where that is only the fallback."""
    from adapters.language.models import is_fallback

    missing = " (the language model's files are missing: only equal words are found; reinstall Parley)"
    names = " + ".join(model.name for model in models)
    typer.echo(f"parley: model {names}{missing if is_fallback(models[0]) else ''}", err=True)
