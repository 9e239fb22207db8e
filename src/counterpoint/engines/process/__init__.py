"""What runs inside a local model's process: `python -m counterpoint.engines.process`.

Nothing outside this folder imports it, and it is the only code that loads native runtimes.
"""
