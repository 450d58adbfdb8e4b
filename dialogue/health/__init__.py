"""How well the loop runs: what admins see of it, their weekly line, and who is reminded of what is stuck."""

from dialogue.health.scheduling import end_health, router, settle_health
from dialogue.health.showing import compose_health

__all__ = ["compose_health", "end_health", "router", "settle_health"]
