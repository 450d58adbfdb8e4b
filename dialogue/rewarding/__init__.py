"""Rewards: who may have them, how they are handed over, and how they end."""
