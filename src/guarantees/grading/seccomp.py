"""The system calls that a boxed kernel may not make, as a seccomp filter for bubblewrap.

Namespaces hide files, processes and the network; a few system calls reach around them: kernel keyrings, locks and
watches on files shared read-only, memory that belongs to no process, sockets of exotic families, and the interfaces in
which most escapes were found. They fail here with an ordinary error, so that a library which only tries them goes on.
A call made through another architecture's table (``int 0x80``, x32) kills the process, because the numbers below mean
something else there. Numbers are of x86-64 and of arm64 (asm-generic); arm64 is untested.
"""

import errno
import platform
import struct

# Name of the machine: its audit architecture, whether x32 numbers exist, and the numbers of what is filtered.
_MACHINES: dict[str, tuple[int, bool, dict[str, int]]] = {
    "x86_64": (
        0xC000003E,
        True,
        {
            "add_key": 248, "bpf": 321, "chroot": 161, "clone": 56, "clone3": 435, "fanotify_init": 300, "fcntl": 72,
            "flock": 73, "fsconfig": 431, "fsmount": 432, "fsopen": 430, "fspick": 433, "inotify_add_watch": 254,
            "io_uring_enter": 426, "io_uring_register": 427, "io_uring_setup": 425, "ioctl": 16, "kcmp": 312,
            "keyctl": 250, "memfd_create": 319, "memfd_secret": 447, "mount": 165, "mount_setattr": 442,
            "move_mount": 429, "msgget": 68, "name_to_handle_at": 303, "open_by_handle_at": 304, "open_tree": 428,
            "perf_event_open": 298, "pidfd_getfd": 438, "pivot_root": 155, "process_madvise": 440,
            "process_vm_readv": 310, "process_vm_writev": 311, "ptrace": 101, "request_key": 249, "semget": 64,
            "setns": 308, "shmget": 29, "socket": 41, "umount2": 166, "unshare": 272, "userfaultfd": 323,
        },
    ),
    "aarch64": (
        0xC00000B7,
        False,
        {
            "add_key": 217, "bpf": 280, "chroot": 51, "clone": 220, "clone3": 435, "fanotify_init": 262, "fcntl": 25,
            "flock": 32, "fsconfig": 431, "fsmount": 432, "fsopen": 430, "fspick": 433, "inotify_add_watch": 27,
            "io_uring_enter": 426, "io_uring_register": 427, "io_uring_setup": 425, "ioctl": 29, "kcmp": 272,
            "keyctl": 219, "memfd_create": 279, "memfd_secret": 447, "mount": 40, "mount_setattr": 442,
            "move_mount": 429, "msgget": 186, "name_to_handle_at": 264, "open_by_handle_at": 265, "open_tree": 428,
            "perf_event_open": 241, "pidfd_getfd": 438, "pivot_root": 41, "process_madvise": 440,
            "process_vm_readv": 270, "process_vm_writev": 271, "ptrace": 117, "request_key": 218, "semget": 190,
            "setns": 268, "shmget": 194, "socket": 198, "umount2": 39, "unshare": 97, "userfaultfd": 282,
        },
    ),
}  # fmt: skip

# What fails, and how. glibc and Python fall back on another call after ENOSYS.
_REFUSED = {
    errno.EPERM: (
        # other processes' memory and descriptors
        "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "kcmp", "pidfd_getfd",
        # namespaces and mounts
        "unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount", "fsopen",
        "fsconfig", "fsmount", "fspick", "mount_setattr", "name_to_handle_at", "open_by_handle_at",
        # the kernel's most attacked interfaces
        "bpf", "perf_event_open", "userfaultfd",
        # keyrings and watches: channels to a neighbour
        "add_key", "request_key", "keyctl", "inotify_add_watch", "fanotify_init",
    ),
    errno.ENOSYS: (
        # memory that no process and no mount accounts for
        "memfd_create", "memfd_secret", "shmget", "semget", "msgget",
        # a second way to nearly every call, past this filter; and locks on files that neighbours share
        "io_uring_setup", "io_uring_enter", "io_uring_register", "flock",
        # its flags lie in memory, where a filter cannot look: use clone
        "clone3",
    ),
}  # fmt: skip
_NEW_NAMESPACE = 0x7E020000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
_FAMILIES = (1, 2, 10)  # AF_UNIX, AF_INET, AF_INET6: what works inside the box, on its own loopback
_NETLINK, _NETLINK_ROUTE = 16, 0
_IOCTLS = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX: typing into a terminal
_FCNTLS = (1024, 1026)  # F_SETLEASE, F_NOTIFY

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_KILL, _FAIL, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
Instruction = tuple[int, int, int, int]


def _refuse_argument(call: int, argument: int, test: int, values: tuple[int, ...], error: int) -> list[Instruction]:
    """If `call` is made with an argument for which `test` holds with one of `values`, fail with `error`."""
    body: list[Instruction] = [(_LOAD, 0, 0, _ARGUMENTS + 8 * argument)]
    for value in values:
        body += [(test, 0, 1, value), (_RETURN, 0, 0, _FAIL | error)]
    body.append((_LOAD, 0, 0, _NUMBER))
    return [(_EQUAL, 0, len(body), call), *body]


def _allow_sockets(call: int) -> list[Instruction]:
    """Let sockets of three families be made, and the netlink socket that lists network interfaces."""
    allow = (_RETURN, 0, 0, _ALLOW)
    body: list[Instruction] = [(_LOAD, 0, 0, _ARGUMENTS)]
    for family in _FAMILIES:
        body += [(_EQUAL, 0, 1, family), allow]
    body += [(_EQUAL, 0, 3, _NETLINK), (_LOAD, 0, 0, _ARGUMENTS + 16), (_EQUAL, 0, 1, _NETLINK_ROUTE), allow]
    body.append((_RETURN, 0, 0, _FAIL | errno.EAFNOSUPPORT))
    return [(_EQUAL, 0, len(body), call), *body]


def filter_program(machine: str = platform.machine()) -> bytes:
    """Assemble the filter.

    Parameters
    ----------
    machine : str
        ``x86_64`` or ``aarch64``, as :func:`platform.machine` has it.

    Returns
    -------
    bytes
        An array of ``struct sock_filter``, as ``bwrap --seccomp`` reads it.

    Raises
    ------
    KeyError
        For another machine: better no kernel than one without a filter.
    """
    architecture, x32, number = _MACHINES[machine]
    program: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if x32:
        program += [(_AT_LEAST, 0, 1, 0x40000000), (_RETURN, 0, 0, _KILL)]
    for error, calls in _REFUSED.items():
        for call in calls:
            program += [(_EQUAL, 0, 1, number[call]), (_RETURN, 0, 0, _FAIL | error)]
    program += _refuse_argument(number["clone"], 0, _ANY_BIT, (_NEW_NAMESPACE,), errno.EPERM)
    program += _refuse_argument(number["ioctl"], 1, _EQUAL, _IOCTLS, errno.EPERM)
    program += _refuse_argument(number["fcntl"], 1, _EQUAL, _FCNTLS, errno.EPERM)
    program += _allow_sockets(number["socket"])
    program.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)
