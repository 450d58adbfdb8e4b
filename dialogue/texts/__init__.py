"""Everything people read, by key and language."""
