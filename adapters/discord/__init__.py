"""Discord: what its gateway and its HTTP interface tell, as events; and posts, as its messages."""
