"""Structured logs on standard error: an event's name and fields. Never a message's text, never a secret."""

import logging
import sys
import traceback
from enum import StrEnum

import structlog


class LogFormat(StrEnum):
    """How a line looks: for people or for machines."""

    CONSOLE = "console"
    JSON = "json"


def configure(level: str, log_format: LogFormat) -> None:
    """Set up logging for the whole process; ``level`` is a name of the standard library's levels."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if log_format is LogFormat.JSON
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.dict_tracebacks if log_format is LogFormat.JSON else _no_change,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def where(error: Exception) -> str:
    """The error's type and place. Its message is left out: it may quote what somebody said."""
    name = type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    return f"{name} at {frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else name


def _no_change(
    _logger: structlog.typing.WrappedLogger, _name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    return event
