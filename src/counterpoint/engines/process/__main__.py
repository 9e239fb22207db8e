"""Start of a local model's process: shut it in, check the file, load it, take calls."""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

# Before anything imports a runtime: idle OpenMP threads must sleep. Spinning, they starve every other process
# on a busy machine, themselves included.
os.environ["OMP_WAIT_POLICY"] = "PASSIVE"

import msgspec

from counterpoint.canonical import Failure, FailureKind
from counterpoint.canonical.errors import Refused
from counterpoint.engines.frames import Status, encode
from counterpoint.engines.isolation import die_with_parent, leave_network, limit_resources
from counterpoint.engines.manifest import read_manifest
from counterpoint.engines.process.calls import Calls
from counterpoint.engines.process.models import LoadedModel, load
from counterpoint.engines.process.settings import DEFAULTS, Settings, threads_of
from counterpoint.engines.process.watching import watch
from counterpoint.i18n import say

FAILED = 3
"""Exit code: the model could not be loaded; the last status says why."""


def main(arguments: list[str] | None = None) -> int:
    """Run one model until it is idle, told to stop, or fails."""
    options = _parser().parse_args(arguments)
    report = _reporter()
    die_with_parent(options.parent)
    limit_resources(options.memory_limit)
    isolation = leave_network()
    settings = Settings(
        keep_alive=options.keep_alive,
        context=options.context,
        parallel=options.parallel,
        queue=options.queue,
        threads=options.threads,
        memory_limit=options.memory_limit,
    )
    os.environ["OMP_NUM_THREADS"] = str(threads_of(settings))
    status = Status("loading", isolation)
    report(status)
    try:
        manifest = read_manifest(options.manifest)
        model = load(manifest, options.manifest.parent, settings, options.socket)
    except (OSError, RuntimeError, msgspec.DecodeError, Refused) as error:
        report(
            msgspec.structs.replace(status, state="failed", failure=_load_failure(options.manifest, error))
        )
        return FAILED
    code = asyncio.run(_serve(model, settings, options.socket, status, report))
    options.socket.unlink(missing_ok=True)
    # The runtimes' own threads have nothing to save; waiting for their destructors only delays the memory.
    sys.stderr.flush()
    os._exit(code)


async def _serve(
    model: LoadedModel,
    settings: Settings,
    socket: Path,
    status: Status,
    report: Callable[[Status], None],
) -> int:
    try:
        await model.learn()
    except Refused as error:  # a chat template that no conversation fits, say
        report(msgspec.structs.replace(status, state="failed", failure=error.failure))
        return FAILED
    calls = Calls(model, settings, msgspec.structs.replace(status, context=model.context), report)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):  # after the load: llama.cpp installs handlers of its own
        loop.add_signal_handler(number, calls.leave)
    await calls.listen(socket)
    if settings.memory_limit is not None:
        watch(model.manifest, settings.memory_limit, calls.leave)
    await calls.finished.wait()
    await asyncio.sleep(0)  # let the last frames out
    return 0


def _load_failure(manifest: Path, error: Exception) -> Failure:
    if isinstance(error, Refused):
        return error.failure
    return Failure(
        FailureKind.unavailable,
        say("engines.load_failed", lang="en", model=manifest.parent.name, reason=error),
        code="engine_load_failed",
        from_upstream=True,
    )


def _reporter() -> Callable[[Status], None]:
    """Keep the real standard output for statuses; what native code prints goes to standard error."""
    channel = os.dup(1)
    os.dup2(2, 1)
    os.set_blocking(channel, False)

    def report(status: Status) -> None:
        try:
            os.write(channel, encode(status))  # shorter than PIPE_BUF, so it is written whole or not at all
        except BlockingIOError:
            return  # the reader is behind; it will get the next one
        except BrokenPipeError:
            return  # nobody reads (started by hand, or the parent is about to take this process with it)

    return report


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="counterpoint.engines.process")
    parser.add_argument("--manifest", type=Path, required=True)
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--keep-alive", type=float, default=DEFAULTS.keep_alive)
    parser.add_argument("--parent", type=int, default=os.getppid())
    parser.add_argument("--context", type=int)
    parser.add_argument("--parallel", type=int, default=DEFAULTS.parallel)
    parser.add_argument("--queue", type=int, default=DEFAULTS.queue)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--memory-limit", type=int)
    return parser


if __name__ == "__main__":
    sys.exit(main())
