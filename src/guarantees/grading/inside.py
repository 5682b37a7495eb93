"""What runs first inside the box: takes the limits, starts ipykernel, unpacks the submission's files, says "ready".

It is run as a file by the kernel's own Python, which need not have this package installed: only the standard library
and ipykernel are used. Until "ready" is sent nothing that a student wrote has been looked at, and the socket to the
outside is closed before any of it runs.
"""

import json
import os
import resource
import socket
import sys
import tarfile

WORK, HOME, RUN = "/tmp/work", "/tmp/home", "/run"


def main(control: socket.socket, user: int) -> None:
    """Start the kernel that the other end of `control` describes.

    Parameters
    ----------
    control : socket
        We send descriptors of the working folder, of the folder with the kernel's sockets, of ``/dev/shm`` and of
        ``/proc``; then read one line of JSON (``limits``, ``connection``, ``arguments``) and a tar archive; then
        send ``ready``.
    user : int
        Who to become if we are root.
    """
    limited = [0]
    if os.getuid() != 0:
        limited.append(1)  # bubblewrap's first process is ours to write to as well, so it gets the same limits
    else:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    for folder in (WORK, HOME, os.environ["TMPDIR"]):
        os.mkdir(folder)
    opened = [os.open(path, os.O_RDONLY | os.O_DIRECTORY) for path in (WORK, RUN, "/dev/shm", "/proc")]
    socket.send_fds(control, [b"\0"], opened)
    for number in opened:
        os.close(number)
    stream = control.makefile("rb")
    order = json.loads(stream.readline())
    for name, value in order["limits"].items():
        for process in limited:
            resource.prlimit(process, getattr(resource, name), (value, value))
    connection_file = f"{RUN}/connection.json"
    with open(connection_file, "w", encoding="utf-8") as file:
        json.dump(order["connection"], file)
    os.chdir(WORK)

    from ipykernel.kernelapp import IPKernelApp

    kernel = IPKernelApp.instance()
    kernel.initialize(["-f", connection_file, "--InteractiveShellApp.ignore_cwd=True", *order["arguments"]])
    # Last, so that a file named random.py or pandas.py shadows nothing, however early the real one was imported.
    sys.path.append(WORK)
    with tarfile.open(fileobj=stream, mode="r|") as files:
        files.extractall(WORK, filter="data")
    stream.close()
    control.sendall(b"ready")
    control.close()
    kernel.start()


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))
