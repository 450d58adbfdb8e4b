"""The program: settings, wiring, command line, and the processes that move messages."""
