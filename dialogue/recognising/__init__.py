"""What came of what people gave: counted, taken back with its cause, and shown to them."""
