"""Runs a command that dies with its parent: `leash.py PARENT SIGNAL COMMAND …`.

It asks the kernel for SIGNAL when PARENT dies, then becomes COMMAND. A program of its own, not a preexec_fn: Python
after a fork may hang in a process that has threads. Standard library only, to start in 20 ms.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def command(death_signal: int) -> tuple[str, ...]:
    """Words to put before a command that this process is about to start."""
    return (sys.executable, "-I", "-S", __file__, str(os.getpid()), str(int(death_signal)))


def main(arguments: list[str]) -> None:
    parent, death_signal, command = int(arguments[0]), int(arguments[1]), arguments[2:]
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0) != 0:
        sys.exit(f"the kernel refused a parent-death signal: {os.strerror(ctypes.get_errno())}")
    if os.getppid() != parent:  # it died before the request above: no signal will ever come
        sys.exit("the supervisor is gone")
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
