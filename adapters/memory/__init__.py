"""A chat, a clock and ids for tests; they pass the same contract suites as the real ones."""
