"""What is typed after the slash command means what it means on the other platforms."""

from collections.abc import Mapping

import pytest

from adapters.slack.commands import Typed, typed
from dialogue.commands.catalogue import COMMANDS


@pytest.mark.parametrize(
    ("line", "noun", "verb", "options"),
    [
        ("", "", None, {}),
        ("help", "help", "show", {}),
        ("/help", "help", "show", {}),
        ("dance now", "dance", None, {}),
        ("tag", "tag", None, {}),
        ("insight", "insight", None, {}),
        ("insight 12", "insight", "show", {"insight": "12"}),
        ("insight show 12", "insight", "show", {"insight": "12"}),
        ("insight decline 12 reason: too dear", "insight", "decline", {"insight": "12", "reason": "too dear"}),
        ("insight  decline  insight:12   reason:a:b c", "insight", "decline", {"insight": "12", "reason": "a:b c"}),
        ("insight decline reason:x insight:12", "insight", "decline", {"insight": "12", "reason": "x"}),
        ("insight decline", "insight", "decline", {}),
        ("channel", "channel", "show", {}),
        ("channel show <#C7|ideas>", "channel", "show", {"channel": "C7"}),
        ("reward give 1 member:<@U5|ulf>", "reward", "give", {"reward": "1", "member": "U5"}),
        ("tag new bug &amp; crash", "tag", "new", {"name": "bug & crash"}),
    ],
)
def test_a_line_is_read_with_the_grammar_of_every_platform(
    line: str, noun: str, verb: str | None, options: Mapping[str, str]
) -> None:
    assert typed(line, COMMANDS) == Typed(noun, verb, options)
