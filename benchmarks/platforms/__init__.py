"""The two adapters and the bare libraries on local servers; ``python -m benchmarks.adapters`` runs all of it."""
