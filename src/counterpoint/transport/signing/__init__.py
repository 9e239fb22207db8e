"""How calls prove who sends them where a header with a secret in it is not enough.

Only what must be done call by call is here: AWS signs each request. Tokens that are good for an hour are fetched by
the control process and travel in a host's headers like any other secret.
"""

from counterpoint.transport.signing.sigv4 import sign

__all__ = ["sign"]
