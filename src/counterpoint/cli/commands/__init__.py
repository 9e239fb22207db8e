"""One module per command group; the attribute `command` of each is what `counterpoint NAME` runs."""
