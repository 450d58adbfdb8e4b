"""How well the loop runs: what admins see of it, their weekly line, and who is reminded of what is stuck."""

from dialogue.health.scheduling import end_health, router, settle_health

__all__ = ["end_health", "router", "settle_health"]
