"""What no ready-made tool checks: the project's own habits, each a module with `problems(root)`.

`problems` returns one sentence a finding, none when all is well. `make check` runs them, a test runs them
too, and others plant what each must find. What may be otherwise is in exceptions.toml, with its reason.
"""
