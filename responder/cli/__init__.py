"""The command line: parse, run one step or view, render; nothing here decides anything."""
