"""Insights that are the same become one, voices that are not part, and all of it can be undone by staff."""
