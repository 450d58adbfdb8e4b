"""Why: what the bot understood of a message or an insight, by which rules, and what staff did. For staff alone."""
