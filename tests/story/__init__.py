"""Stories: a complaint from its first word to the debrief, by one person who does what the program says."""
