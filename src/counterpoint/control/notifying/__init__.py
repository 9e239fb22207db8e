"""Messages to the outside: kept until they are delivered, signed, and sent only where it is allowed."""
