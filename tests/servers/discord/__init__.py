"""A Discord to test against: HTTP and gateway on 127.0.0.1, with the state of a few servers behind them."""
