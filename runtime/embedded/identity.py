"""PostgreSQL refuses to run as root: this finds the command prefix under which it will.

It creates no user and opens no folder to others.
"""

import os
import shutil
import signal
import subprocess
from enum import StrEnum
from pathlib import Path

from runtime.embedded.errors import BinariesMissing

NOBODY = 65534
_MAPPED = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}")


class Identity(StrEnum):
    """How PostgreSQL's programs are run."""

    PLAIN = "plain"  # as whoever we are
    MAPPED = "mapped"  # root, seen as nobody inside a user namespace: files stay root's, 0700 folders stay closed
    SWITCHED = "switched"  # root without user namespaces: as nobody, with the right to pass closed folders

    def prefix(self, death_signal: signal.Signals) -> tuple[str, ...]:
        """Words to put before a command. Changing user clears the parent-death signal, so setpriv sets it again."""
        if self is Identity.PLAIN:
            return ()
        if self is Identity.MAPPED:
            return _MAPPED
        user = ("--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups")
        passage = ("--inh-caps", "+dac_override", "--ambient-caps", "+dac_override")
        return ("setpriv", *user, *passage, "--pdeathsig", death_signal.name.removeprefix("SIG"))

    def take(self, folder: Path) -> None:
        """Make `folder` and all in it belong to the user PostgreSQL will run as, when root has to see to it."""
        owner = {Identity.PLAIN: None, Identity.MAPPED: 0, Identity.SWITCHED: NOBODY}[self]
        if owner is None or not folder.exists() or folder.stat().st_uid == owner:
            return
        for path in (*folder.rglob("*"), folder):  # the folder last: it is what the next start looks at
            os.chown(path, owner, owner, follow_symlinks=False)


def find() -> Identity:
    """The way that works here; BinariesMissing when root has neither user namespaces nor setpriv."""
    if os.geteuid() != 0:
        return Identity.PLAIN
    if shutil.which("unshare") and subprocess.run((*_MAPPED, "true"), capture_output=True, check=False).returncode == 0:
        return Identity.MAPPED
    if shutil.which("setpriv"):
        return Identity.SWITCHED
    raise BinariesMissing(
        "PostgreSQL can't run as root, and neither unshare nor setpriv (util-linux) is here: start it as a plain user."
    )
