"""What goes into the box and comes out of it."""

import io
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from guarantees.grading.files import bring_out, hand_in


@pytest.fixture
def work(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "autograded").mkdir()
    return tmp_path / "autograded"


@pytest.fixture
def opened(work: Path) -> Iterator[int]:
    descriptor = os.open(work, os.O_RDONLY)
    yield descriptor
    os.close(descriptor)


def handed_in(folder: Path, most: int = 1000) -> tuple[dict[str, bytes], list[str]]:
    stream = io.BytesIO()
    left = hand_in(str(folder), stream, most)
    stream.seek(0)
    with tarfile.open(fileobj=stream) as archive:
        return {entry.name: archive.extractfile(entry).read() for entry in archive}, left


def test_data_goes_in_and_notebooks_stay_out(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "table.csv").write_text("a,b")
    (folder / "problem1.ipynb").write_text("hidden tests")
    assert handed_in(folder) == ({"data/table.csv": b"a,b"}, [])


def test_links_and_devices_stay_out(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "up").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    assert handed_in(folder) == ({}, [])


def test_what_is_too_large_is_named(folder: Path) -> None:
    (folder / "a.bin").write_bytes(bytes(600))
    (folder / "b.bin").write_bytes(bytes(600))
    files, left = handed_in(folder)
    assert list(files) == ["a.bin"]
    assert left == ["'b.bin': its 600 bytes do not fit into the box"]


def test_new_files_come_out(work: Path, folder: Path, opened: int) -> None:
    (work / "plots").mkdir()
    (work / "plots" / "one.txt").write_text("one")
    assert bring_out(opened, str(folder), 1000, 10) == {"kept": 1, "left": []}
    assert (folder / "plots" / "one.txt").read_text() == "one"


def test_W1_what_is_there_is_not_overwritten(work: Path, folder: Path, opened: int) -> None:
    for place, text in ((work, "forged"), (folder, "true")):
        (place / "data.csv").write_text(text)
    assert bring_out(opened, str(folder), 1000, 10)["kept"] == 0
    assert (folder / "data.csv").read_text() == "true"


@pytest.mark.parametrize("name", ["problem2.ipynb", "timestamp.txt", "deep/timestamp.txt"])
def test_W1_what_nbgrader_would_read_does_not_come_out(name: str, work: Path, folder: Path, opened: int) -> None:
    (work / name).parent.mkdir(exist_ok=True)
    (work / name).write_text("1999-01-01 00:00:00")
    bring_out(opened, str(folder), 1000, 10)
    assert not list(folder.rglob("*.*"))


def test_C1_links_do_not_come_out(work: Path, folder: Path, opened: int, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (work / "link").symlink_to(tmp_path / "secret")
    (work / "up").symlink_to(tmp_path)
    os.mkfifo(work / "pipe")
    assert bring_out(opened, str(folder), 1000, 10)["kept"] == 0
    assert not list(folder.iterdir())


def test_C1_no_link_that_was_handed_in_is_written_through(
    work: Path, folder: Path, opened: int, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (folder / "out").symlink_to(tmp_path / "elsewhere")
    (work / "out").mkdir()
    (work / "out" / "planted.txt").write_text("planted")
    kept = bring_out(opened, str(folder), 1000, 10)
    assert not list((tmp_path / "elsewhere").iterdir())
    assert kept["kept"] == 0
    assert "out/planted.txt" in kept["left"][0]


@pytest.mark.parametrize(
    "name", ["\x1b[31mred", "two\nlines", "back\\slash", b"\xff\xfe".decode(errors="surrogateescape")]
)
def test_F3_names_that_would_harm_a_log_stay_inside(name: str, work: Path, folder: Path, opened: int) -> None:
    (work / name).write_text("x")
    kept = bring_out(opened, str(folder), 1000, 10)
    assert kept["kept"] == 0
    assert kept["left"][0].isprintable()
    assert kept["left"][0].isascii()


def test_R6_number_and_size_are_bounded(work: Path, folder: Path, opened: int) -> None:
    for number in range(40):
        (work / f"{number:02}.txt").write_bytes(bytes(10))
    (work / "00-big.bin").write_bytes(bytes(2000))
    kept = bring_out(opened, str(folder), 1000, 5)
    assert kept["kept"] == 5
    assert len(kept["left"]) == 20
    assert not (folder / "00-big.bin").exists()


def test_R6_endless_folders_are_not_followed(work: Path, folder: Path, opened: int) -> None:
    deep = work.joinpath(*["d"] * 300)
    deep.mkdir(parents=True)
    (deep / "bottom.txt").write_text("x")
    assert bring_out(opened, str(folder), 1000, 10) == {"kept": 0, "left": []}
