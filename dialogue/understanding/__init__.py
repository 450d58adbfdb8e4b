"""What was meant: who answers whom, what kind of thing was said, and what a conversation holds as a whole.

Pure functions over frozen values. A message is first *prepared* (what depends on its own text alone), then
*judged* in its lane's order against the last messages there; a conversation fallen silent is *concluded*.
"""
