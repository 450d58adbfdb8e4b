"""A chat platform of our own, in one web page, that needs no account: what people do is kept in a file of facts."""
