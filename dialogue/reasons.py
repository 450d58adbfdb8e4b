"""Why a message was judged so, and why the bot kept silent: lines that are kept with it, for staff to read."""

from dialogue.events import MessagePosted
from dialogue.router import Context
from dialogue.understanding.values import Judgement, Prepared
from knowledge_base.channels import Channel, Mode

SILENT = "silent: "
"""How the line begins that says why the bot kept silent."""


def why_judged(prepared: Prepared, judgement: Judgement) -> tuple[str, ...]:
    """The rule that the text met, then what spoke for the judgement, the strongest first."""
    lines = (f"{reason.name} ({reason.weight:+.2f})" for reason in judgement.reasons)
    return tuple(dict.fromkeys((f"text: {prepared.guess.rule}", *lines)))


def why_silent(event: MessagePosted, channel: Channel, context: Context) -> str:
    """Silence is a decision, and this is its reason."""
    return SILENT + context.texts.say(f"silent.{_cause(event, channel, context)}")


def _cause(event: MessagePosted, channel: Channel, context: Context) -> str:
    if not event.actor.role.is_person:
        return "not_a_person"
    if not event.live:
        return "read_later"
    if channel.mode is Mode.LISTENING:
        return "listening"
    identity = context.identity(event.place.space)
    addressed = identity is not None and identity.mention in event.text
    if channel.mode is Mode.ON_MENTION and not addressed:
        return "not_addressed"
    return "nothing_known"
