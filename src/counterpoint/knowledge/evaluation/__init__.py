"""How well things are found, measured on sets with judgements."""
