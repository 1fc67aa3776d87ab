"""Pure judgement: how urgent a complaint is, what to answer, and whether an answer keeps our rules."""
