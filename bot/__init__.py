"""The running program: settings, platforms, the server, the command line."""
