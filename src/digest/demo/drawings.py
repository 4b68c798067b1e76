"""The pictures of the invented press, drawn when they are asked for: simple shapes by the sea, the same every time."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType

from digest.pictures.shapes import Shape, polygons

WIDTH, HEIGHT = 1200, 800
HORIZON = 480
"""Height of the sea's edge, in pixels from the top."""
PATH = "/pictures/drawn/"
"""Where a paper serves its drawings: PATH, the name of the drawing, ``.jpg``."""
SKIES = MappingProxyType({"barrier": "#b9cfdd", "fire": "#27212f", "lifeboat": "#d9dfe2"})
SEAS = MappingProxyType({"barrier": "#3f6b80", "fire": "#17222e", "lifeboat": "#55798a"})
DRAWINGS: MappingProxyType[str, tuple[Shape, ...]] = MappingProxyType(
    {
        "barrier": (
            ("#6d7780", ((120, 300), (260, 300), (260, 620), (120, 620))),
            ("#6d7780", ((940, 300), (1080, 300), (1080, 620), (940, 620))),
            ("#c2502f", ((260, 380), (940, 380), (940, 560), (260, 560))),
            ("#8f3a22", ((260, 440), (940, 440), (940, 460), (260, 460))),
        ),
        "fire": (
            ("#3b3540", ((380, 260), (820, 260), (820, 520), (380, 520))),
            ("#e8862e", ((400, 260), (470, 90), (540, 210), (610, 40), (690, 200), (750, 110), (800, 260))),
            ("#f6c445", ((470, 260), (540, 180), (600, 120), (660, 220), (730, 260))),
            ("#f6c445", ((450, 330), (520, 330), (520, 420), (450, 420))),
            ("#f6c445", ((680, 330), (750, 330), (750, 420), (680, 420))),
        ),
        "lifeboat": (
            ("#4b5359", ((820, 480), (900, 330), (1010, 370), (1120, 480))),
            ("#d9542b", ((240, 500), (720, 500), (640, 610), (310, 610))),
            ("#26415a", ((360, 400), (600, 400), (640, 500), (340, 500))),
            ("#f2f2ee", ((390, 420), (570, 420), (580, 460), (385, 460))),
        ),
    }
)
"""The shapes of each drawing, from the back to the front."""


@cache
def drawing(name: str) -> bytes:
    """Return a drawing as JPEG. Raises KeyError for a name that is none of DRAWINGS."""
    sea = ((0, HORIZON), (WIDTH, HORIZON), (WIDTH, HEIGHT), (0, HEIGHT))
    return polygons(WIDTH, HEIGHT, SKIES[name], ((SEAS[name], sea), *DRAWINGS[name]))
