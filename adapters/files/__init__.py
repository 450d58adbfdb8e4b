"""Files: histories in, outputs by rename, exports of other tools, the chat that only writes down what it is told."""
