"""Learning partners: customers whom staff invite to a standing group, with a channel and a summary of its own."""
