"""Exports of other tools, turned into histories."""
