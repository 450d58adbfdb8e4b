"""Closing the loop: everybody who asked hears, once and where they spoke, what became of it."""
