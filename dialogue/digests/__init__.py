"""A team's digest: what is new, what grew, what waits, what shipped, at the times it chose."""

from dialogue.digests.composing import compose_digest
from dialogue.digests.editing import show_in_digests
from dialogue.digests.scheduling import router, schedule_name, settle_digest

__all__ = ["compose_digest", "router", "schedule_name", "settle_digest", "show_in_digests"]
