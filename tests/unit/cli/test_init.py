import subprocess
import sys


def test_the_program_runs_as_a_function() -> None:
    program = "import sys; sys.argv[1:] = ['--version']; from counterpoint.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("counterpoint ")
