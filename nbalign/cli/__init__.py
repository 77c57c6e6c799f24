"""The command line: it parses, shows and asks; all logic lives behind `nbalign.Workspace`."""
