"""Files into the box and out of it: regular ones alone, bounded in number and size, through no link on either side."""

import contextlib
import os
import stat
import tarfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

_DEEPEST = 16
# Notebooks hold the hidden tests by the time they run, and a new one would pass for another of the student's; when
# something was handed in is the collector's to say.
_NOT_THE_STUDENTS = (".ipynb", "timestamp.txt")


def _regular_files(folder: int) -> Iterator[tuple[str, int, int]]:
    """Walk an open folder: each file's name below it, a descriptor to read it from, its size."""
    for root, folders, names, descriptor in os.fwalk(".", dir_fd=folder):
        folders[:] = sorted(folders) if root.count("/") < _DEEPEST else []
        for name in sorted(names):
            if name.endswith(_NOT_THE_STUDENTS):
                continue
            with contextlib.suppress(OSError):
                file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=descriptor)
                try:
                    status = os.fstat(file)
                    if stat.S_ISREG(status.st_mode):
                        yield os.path.normpath(os.path.join(root, name)), file, status.st_size
                finally:
                    os.close(file)


def hand_in(folder: str, stream: BinaryIO, most: int) -> list[str]:
    """Write what lies beside the notebook as a tar archive.

    Parameters
    ----------
    folder : str
        Where the notebook lies.
    stream : file
        To write to.
    most : int
        Bytes in all.

    Returns
    -------
    list of str
        A line about each file that was left out.
    """
    left = []
    top = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as archive:
            for name, file, size in _regular_files(top):
                if size > most:
                    left.append(_line(name, f"its {size} bytes do not fit into the box"))
                    continue
                most -= size
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode = size, 0o644
                with open(file, "rb", closefd=False) as content:
                    archive.addfile(entry, content)
    finally:
        os.close(top)
    return left


def bring_out(work: int, folder: str, most_bytes: int, most_files: int) -> dict[str, object]:
    """Copy the new files that the code wrote; nothing that is there already is touched.

    Parameters
    ----------
    work : int
        Descriptor of the box's folder, in which nothing runs any more.
    folder : str
        Where the notebook lies.
    most_bytes, most_files : int
        In all.

    Returns
    -------
    dict
        ``kept``, how many; ``left``, a line about each (of the first twenty) that was not.
    """
    kept, left = 0, []
    for name, file, size in _regular_files(work):
        if os.path.lexists(os.path.join(folder, name)):
            continue
        if not name.isprintable() or "\\" in name:
            left.append(_line(name, "its name has characters that no file should have"))
        elif size > most_bytes or not most_files:
            left.append(_line(name, "the code wrote more, or larger, files than are kept"))
        else:
            try:
                _copy(file, size, folder, PurePosixPath(name))
            except OSError as error:
                left.append(_line(name, error.strerror or "it could not be written"))
            else:
                kept, most_bytes, most_files = kept + 1, most_bytes - size, most_files - 1
    return {"kept": kept, "left": left[:20]}


def _copy(file: int, size: int, folder: str, name: PurePosixPath) -> None:
    """Write a new file below `folder`, through no link."""
    with contextlib.ExitStack() as stack:
        parent = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        stack.callback(os.close, parent)
        for part in name.parts[:-1]:
            with contextlib.suppress(FileExistsError):
                os.mkdir(part, dir_fd=parent)
            parent = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=parent)
            stack.callback(os.close, parent)
        target = os.open(name.name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644, dir_fd=parent)
        stack.callback(os.close, target)
        while size and (sent := os.sendfile(target, file, None, size)):
            size -= sent


def _line(name: str, why: str) -> str:
    return f"{ascii(name)[:120]}: {why}"
