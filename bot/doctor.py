"""Everything Parley needs, looked at one by one, each with what to do where it is missing."""

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from adapters.files.errors import reason
from adapters.language.models import is_fallback, load_understanding
from adapters.storage.address import Address
from adapters.storage.database import Access
from adapters.storage.dead import dead_rows
from bot.checking import check_database
from bot.moments import SystemClock
from bot.settings import Settings, SettingsError, load
from bot.wiring import advice_of, greet_discord, greet_slack, open_storage, throwaway_sealer
from dialogue.advice.budget import day_of
from dialogue.advice.planning import Advice, rest_of
from dialogue.advice.values import Spent
from dialogue.errors import DialogueError, ModelFailed, StorageUnavailable
from dialogue.meanings import Embedders
from dialogue.ports import LanguageIdentifier

OLDEST_PYTHON: Final = (3, 11)
MOST_SKEW: Final = timedelta(seconds=30)
"""How far clocks may be apart: Slack takes five minutes, what was sent is looked for with one."""
LEAST_SPACE: Final = 500 * 2**20
_OTHER_PLACE: Final = "Mend that, or set url in [database]."
_DEAD_REMEDY: Final = (
    "They are not tried again and hold nothing up. Look in the log from that time on for row_failed (inbox) or "
    "not_sent (outbox), mend what the error names, and report it if it is a mistake of Parley."
)
_MODEL_REMEDY: Final = "Mend that, or change [model]. Until then all works without it."
_BUDGET_REMEDY: Final = "Raise tokens_per_day, or seconds_per_day to timeout at least, in [model]."
_FROM_WHEEL: Final = "Install Parley again from its wheel."
_ERROR: Final = 100
_SENTENCE: Final = "Where do I find my invoices, and can somebody help me?"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: whether it is well, what was found, and what to do if it is not."""

    name: str
    well: bool
    said: str
    remedy: str = ""

    def as_dict(self) -> dict[str, str | bool]:
        """As printed for programs."""
        return asdict(self)


async def examine(config: Path | None) -> Sequence[Finding]:
    """Look at everything; never raises for anything that is wrong. What lies dead is told only where there is any."""
    settings, finding = _settings(config)
    understanding = load_understanding()
    return (
        _python(),
        finding,
        await _database(settings),
        *await _dead(settings),
        *_models(understanding.embedders),
        *await _outdated(settings, understanding.embedders),
        _language(understanding.identifier),
        *await _platforms(settings),
        *await _advice(settings),
        _space(settings),
    )


def _python() -> Finding:
    well = sys.version_info >= OLDEST_PYTHON
    return Finding("python", well, platform.python_version(), "" if well else "Use Python 3.11 or newer.")


def _settings(config: Path | None) -> tuple[Settings, Finding]:
    """The settings in force, or the defaults where they can't be used."""
    try:
        return load(config), Finding("settings", well=True, said="can be used")
    except SettingsError as error:
        return Settings(), Finding("settings", well=False, said=str(error), remedy="Change that and run doctor again.")


async def _database(settings: Settings) -> Finding:
    url = settings.database.url.get_secret_value()
    file = Address.parse(url).path
    if file is not None and _is_new(file):
        return _place_of_new(file)
    try:
        found = await check_database(url)
    except StorageUnavailable as error:
        return Finding("database", well=False, said=str(error), remedy="Set url in [database] if another one is meant.")
    trouble = _trouble_writing(file) if file else None
    if trouble:
        return Finding("database", well=False, said=f"{file} can't be written: {trouble}", remedy=_OTHER_PLACE)
    if found.sound or (found.revision is None and not found.problems):
        return Finding("database", well=True, said=f"reachable, revision {found.revision or 'none yet'}")
    return Finding("database", well=False, said=" ".join(found.sentences()), remedy="Then run doctor again.")


async def _dead(settings: Settings) -> Sequence[Finding]:
    """What was given up. Why a database can't be looked into is told by the finding on it."""
    url = settings.database.url.get_secret_value()
    try:
        dead = await dead_rows(url) if (await check_database(url)).sound else ()
    except StorageUnavailable:
        return ()
    if not dead:
        return ()
    said = "; ".join(f"{d.count} in the {d.box} since {d.oldest:%Y-%m-%d %H:%M} UTC ({d.error[:_ERROR]})" for d in dead)
    return (Finding("dead", well=False, said=f"given up: {said}", remedy=_DEAD_REMEDY),)


async def _outdated(settings: Settings, embedders: Embedders) -> Sequence[Finding]:
    """Voices that wait for vectors by these models. That a database can't be looked into is told elsewhere."""
    url = settings.database.url.get_secret_value()
    try:
        if not (await check_database(url)).sound:
            return ()
        async with open_storage(url, throwaway_sealer(), Access.READ) as storage, storage.read() as uow:
            waiting = sum((await uow.vectors.outdated(embedders.name)).values())
    except StorageUnavailable:
        return ()
    if not waiting:
        return ()
    said = f"{waiting} voices have vectors by other models, and are not compared until parley run has made them again"
    return (Finding("vectors", well=True, said=said),)


def _is_new(file: Path) -> bool:
    return not os.path.lexists(file)


def _place_of_new(file: Path) -> Finding:
    trouble = _trouble_making_files(file.parent)
    if trouble is None:
        return Finding("database", well=True, said=f"{file} will be made at the first start")
    return Finding("database", well=False, said=f"{file} can't be made: in its folder, {trouble}", remedy=_OTHER_PLACE)


def _trouble_writing(file: Path) -> str | None:
    """Why an existing file can't be written, told by trying: permissions alone do not tell."""
    try:
        file.open("r+b").close()
    except OSError as error:
        return reason(error)
    return None


def _trouble_making_files(folder: Path) -> str | None:
    """Why no file can be made there, told by trying with one that vanishes at once."""
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        return reason(error)
    return None


def _models(embedders: Embedders) -> Sequence[Finding]:
    main, across = embedders.main, embedders.across
    if is_fallback(main):
        said = f"{main.name}, which finds equal words only: the language model's files are missing"
        first = Finding("model", well=False, said=said, remedy=_FROM_WHEEL)
    else:
        first = _tried("model", lambda: f"{main.name}, {main.embed(_SENTENCE).shape[0]} numbers a text")
    if across is None:
        no = "none: what is said in two languages is not compared, because the model's files are missing"
        return (first, Finding("model across languages", well=False, said=no, remedy=_FROM_WHEEL))
    found = _tried(
        "model across languages", lambda: f"{across.name}, {across.embed(_SENTENCE).shape[0]} numbers a text"
    )
    return (first, found)


def _language(identifier: LanguageIdentifier) -> Finding:
    return _tried("language", lambda: f"identified: {identifier.identify(_SENTENCE)}")


def _tried(name: str, attempt: Callable[[], str]) -> Finding:
    try:
        return Finding(name, well=True, said=attempt())
    except Exception as error:  # noqa: BLE001 - whatever a model raises is what doctor is asked to tell
        said = f"doesn't work: {type(error).__name__}: {error}"
        return Finding(name, well=False, said=said, remedy="Install Parley again.")


async def _platforms(settings: Settings) -> Sequence[Finding]:
    """Every platform that has a token: whether it takes it, and lets the bot do its work."""
    asked = {name: greet_slack(workspace) for name, workspace in settings.slack.connected().items()}
    if settings.discord.token.get_secret_value():
        asked["discord"] = greet_discord(settings.discord)
    findings: list[Finding] = []
    ahead: list[tuple[str, timedelta]] = []
    for name, answer in asked.items():
        try:
            greeting = await answer
        except DialogueError as error:
            findings.append(Finding(name, well=False, said=str(error), remedy=f"Mend that, or change [{name}]."))
            continue
        findings.append(Finding(name, not greeting.wrong, greeting.said, "; ".join(greeting.wrong)))
        if greeting.now:
            ahead.append((name, SystemClock().now() - greeting.now))
    return [*findings, *([_clock(ahead)] if ahead else [])]


async def _advice(settings: Settings) -> Sequence[Finding]:
    """The language model that is asked in doubt, where there is one: whether it answers, and what it may still cost."""
    advice = advice_of(settings.model)
    if advice is None:
        return ()
    name = f"{advice.model.name} at {settings.model.host}"
    try:
        spent = (await advice.model.ask(())).spent
        finding = Finding("language model", well=True, said=f"{name} answers, in {spent.milliseconds} ms")
    except ModelFailed as error:
        finding = Finding("language model", well=False, said=f"{name}: {error}", remedy=_MODEL_REMEDY)
    finally:
        await advice.model.close()
    return (finding, *await _spending(settings, advice))


async def _spending(settings: Settings, advice: Advice) -> Sequence[Finding]:
    """What the model did cost today, and whether it is left alone. Trouble with the database is told elsewhere."""
    now, day = SystemClock().now(), advice.policy.per_day
    if not advice.model.at_most(()).within(day):
        said = f"{_cost(day)} a day are too little for a single call"
        return (Finding("language model's budget", well=False, said=said, remedy=_BUDGET_REMEDY),)
    try:
        async with (
            open_storage(settings.database.url.get_secret_value(), throwaway_sealer(), Access.READ) as storage,
            storage.read() as uow,
        ):
            spent, rest = await uow.model_calls.spent(day_of(now)), await rest_of(uow, advice, now)
    except StorageUnavailable:
        return ()
    said = f"{_cost(spent)} of {_cost(day)} spent today (UTC)"
    if rest is not None:
        said = f"{said}; not asked until {rest.until:%H:%M:%S} UTC: {rest.reason}"
    remedy = "It is tried again by itself then." if rest else ""
    return (Finding("language model's budget", rest is None, said, remedy),)


def _cost(spent: Spent) -> str:
    return f"{spent.tokens} tokens and {spent.milliseconds // 1000} s"


def _clock(ahead: Sequence[tuple[str, timedelta]]) -> Finding:
    """What is signed, and what expires, is judged by the time on both sides."""
    name, worst = max(ahead, key=lambda pair: abs(pair[1]))
    if abs(worst) <= MOST_SKEW:
        return Finding("clock", well=True, said=f"as at {' and '.join(name for name, _ in ahead)}")
    way = "fast" if worst > timedelta() else "slow"
    said = f"{abs(worst).total_seconds():.0f} s {way} by {name}'s"
    return Finding("clock", well=False, said=said, remedy="Let the machine set its clock (NTP).")


def _space(settings: Settings) -> Finding:
    file = Address.parse(settings.database.url.get_secret_value()).path
    folder = _existing((file.parent if file else Path()).absolute())
    free = shutil.disk_usage(folder).free
    well = free >= LEAST_SPACE
    said = f"{free // 2**20} MB free in {folder}"
    return Finding("disk", well, said, "" if well else f"Free at least {LEAST_SPACE // 2**20} MB.")


def _existing(folder: Path) -> Path:
    return next((place for place in (folder, *folder.parents) if place.is_dir()), Path("/"))
