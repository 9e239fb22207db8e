"""What a provider's secret stands for, and the short-lived tokens that clouds give for it.

The control process alone exchanges secrets for tokens, ahead of their end; workers get the token, like any other secret
of a host, in the directory.
"""
