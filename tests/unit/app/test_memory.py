"""Threads share what they free."""

import subprocess
import sys

WORK = """
import ctypes, re, sys, tempfile, threading
from counterpoint.app.memory import few_arenas
if len(sys.argv) > 1:
    few_arenas()
meet = threading.Barrier(8)
def work():
    meet.wait()
    kept = [bytearray(2_000) for _ in range(200)]
    meet.wait()
threads = [threading.Thread(target=work) for _ in range(8)]
for each in threads: each.start()
for each in threads: each.join()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
with tempfile.NamedTemporaryFile() as file:
    stream = ctypes.c_void_p(libc.fopen(file.name.encode(), b"w"))
    libc.malloc_info(0, stream)
    libc.fclose(stream)
    print(len(re.findall("<heap ", open(file.name).read())))
"""


def arenas(*words: str) -> int:
    done = subprocess.run([sys.executable, "-c", WORK, *words], capture_output=True, text=True, check=True)
    return int(done.stdout)


def test_threads_share_two_arenas() -> None:
    assert arenas() > 2
    assert arenas("few") <= 2
