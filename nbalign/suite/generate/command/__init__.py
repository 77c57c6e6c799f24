"""The command generator: any assistant that can be started by a command."""
