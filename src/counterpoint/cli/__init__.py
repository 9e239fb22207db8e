"""The command line: `counterpoint`. One module per command group, loaded when it is called.

What it prints is for people, or with `--json` for programs, in the very shapes that the admin API answers.
"""


def main() -> None:
    """The entry point of the installed program."""
    from counterpoint.cli.program import root  # noqa: PLC0415 - importing the package must cost nothing

    root.main(prog_name="counterpoint")
