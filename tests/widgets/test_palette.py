"""The models' colours can be seen and told apart, in both themes and by colour-blind readers."""

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from guarantees import catalog
from guarantees.widgets import palette

PAGES = {"light": ["#ffffff"], "dark": ["#121212", "#14181e"]}
# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
VISION = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour: str) -> NDArray[np.float64]:
    rgb = np.array([int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)])
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    low, high = sorted(float(TO_XYZ[1] @ linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    xyz = TO_XYZ @ np.clip(rgb, 0, 1) / np.array([0.9505, 1, 1.089])
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21, abs=0.01)
    assert contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", PAGES)
def test_marks_reach_three_to_one_on_the_page(theme: str) -> None:
    for model, look in palette.looks().items():
        for page in PAGES[theme]:
            assert contrast(getattr(look, theme), page) >= 3, (model, page)


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("theme", PAGES)
def test_any_two_models_can_be_told_apart(theme: str, vision: str) -> None:
    colours = [lab(VISION[vision] @ linear(getattr(look, theme))) for look in palette.LOOKS]
    assert min(np.linalg.norm(one - other) for one, other in itertools.combinations(colours, 2)) >= 10


@pytest.mark.parametrize("cue", ["marker", "path", "dash"])
def test_the_second_cue_is_one_models_own(cue: str) -> None:
    cues = [getattr(look, cue) for look in palette.LOOKS]
    assert len(set(cues)) == len(cues)


def test_every_model_has_a_look_in_the_order_of_the_table() -> None:
    assert list(palette.looks()) == catalog.load("models")["id"].tolist()
    assert tuple(palette.looks().values()) == palette.LOOKS
