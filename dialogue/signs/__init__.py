"""Early signs: what is unusual beside a channel's own past is told to one team, once, until it is over or silenced."""
