"""Plain words, rightly spelled."""

import subprocess
import sys

import pytest
import textstat

from tests.chapters.reading import TAUGHT, prose
from tests.chromium import ROOT

# School years. Both count letters and words, which needs no list of syllables.
GRADES = (textstat.automated_readability_index, textstat.coleman_liau_index)


@pytest.mark.parametrize("name", TAUGHT)
def test_an_undergraduate_reads_it_at_ease(name):
    text = prose(name)
    assert 6 <= sum(grade(text) for grade in GRADES) / len(GRADES) <= 13
    assert 12 <= textstat.words_per_sentence(text) <= 22


def test_spelling():
    spelled = ("chapters", "data", "exercises/source", "src", "README.md", "CONTRIBUTING.md")
    checked = subprocess.run(
        [sys.executable, "-m", "codespell_lib", *spelled], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
