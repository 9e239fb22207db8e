"""What is told to others of calls, made in the control process from ledger entries as they are shipped.

So it costs a call nothing, and it cannot hold what a call said: an entry has no payload."""
