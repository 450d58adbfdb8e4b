"""``parley ask``"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.failing import BadInput
from bot.cli.models import tell_models
from bot.cli.options import Community, Config, Database, Json, Progress, url_of
from bot.cli.places import must_differ
from bot.cli.progress import progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adapters.files.answers import KnownAnswer
    from bot.asking import Asking

NOTHING_STORED = "No answers are stored yet. Give some with --kb ANSWERS, or store them: parley kb import ANSWERS."


def ask(
    *,
    question: Annotated[str | None, typer.Argument(help="What you want to know.")] = None,
    kb: Annotated[Path | None, typer.Option(metavar="ANSWERS", help="Answers to look in, JSON Lines.")] = None,
    batch: Annotated[Path | None, typer.Option(metavar="QUESTIONS", help="Many questions, JSON Lines.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="OUT", help="Where the batch's answers go.")] = None,
    show_progress: Progress = False,
    as_json: Json = False,
    database: Database = None,
    community: Community = None,
    config: Config = None,
) -> None:
    """Ask what was answered before."""
    if (question is None) == (batch is None) or (batch is None) != (out is None):
        raise BadInput('give one question, parley ask "how do I …", or many, parley ask --batch QUESTIONS --out OUT')
    if question is not None and not question.strip():
        raise BadInput('the question is empty; write what you want to know, parley ask "how do I …"')
    must_differ({"--kb": kb, "--batch": batch, "--out": out})
    from adapters.files.answers import read_answers, read_questions
    from bot.asking import Asking

    answers = read_answers(kb) if kb else _stored(url_of(database, config), community)
    questions = read_questions(batch) if batch else []
    with progress("Reading", len(answers), shown=show_progress) as advance:
        asking = Asking.over(answers, advance)
    tell_models(asking.embedder)
    if out:
        with progress("Asking", len(questions), shown=show_progress) as advance:
            asking.batch(questions, out, advance)
        if kb is None and not answers:
            typer.echo(f"parley: {NOTHING_STORED}", err=True)
    elif question:
        _say(asking, question, as_json=as_json, nothing_stored=kb is None and not answers)


def _stored(url: str, community: str | None) -> "Sequence[KnownAnswer]":
    import asyncio

    from bot.knowing import stored_answers

    return asyncio.run(stored_answers(url, community)).answers


def _say(asking: "Asking", question: str, *, as_json: bool, nothing_stored: bool) -> None:
    ranking = asking.ask(question)
    if as_json:
        typer.echo(json.dumps(asking.as_row(ranking), ensure_ascii=False))
    elif nothing_stored:
        typer.echo(NOTHING_STORED)
    else:
        typer.echo(asking.in_words(ranking))
