"""A Slack for tests: Web API with state, Events API, Socket Mode, interactivity, over real sockets on 127.0.0.1."""
