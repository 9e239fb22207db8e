"""From a call to the plan of its attempts: which offerings are tried, in what order, and why. Pure: the clock, chance
and what was measured come in as values.
"""
