"""The app's two pictures: a person from behind, and the shoulder they lend."""

from io import BytesIO

from PIL import Image, ImageDraw

_GROUND, _FIGURE, _WHITE = "#97431b", "#fffaf5", "#ffffff"
_FINER = 8
"""So many times larger it is drawn, to be smooth when made small."""

_HEAD = (12.5, 8.5, 4.5)
"""Middle and radius, on the grid of the icon in the browser (bot/local/icon.svg)."""
_BACK = (
    ((3.0, 27.0), (3.0, 19.8), (6.8, 15.5), (12.5, 15.5)),
    ((12.5, 15.5), (16.5, 15.5), (18.9, 17.2), (21.6, 19.4)),
    ((21.6, 19.4), (23.5, 20.9), (25.8, 21.7), (29.0, 22.0)),
)
"""The shoulders' line: cubic curves by their four points. Below is nothing but straight lines."""
_WIDE, _HIGH, _LEFT, _TOP, _FOOT = 26.0, 23.0, 3.0, 4.0, 27.0


def color_icon() -> bytes:
    """192 by 192 pixels, all of it filled; the figure within the middle 120, as Teams asks."""
    image = Image.new("RGBA", (192, 192), _GROUND)
    image.paste(_FIGURE, mask=_figure(192, 112))
    return _png(image)


def outline_icon() -> bytes:
    """32 by 32 pixels, white on nothing."""
    image = Image.new("RGBA", (32, 32), _WHITE)
    image.putalpha(_figure(32, 28))
    return _png(image)


def _figure(size: int, width: int) -> Image.Image:
    """Where the figure is: `width` pixels wide, in the middle of a square."""
    scale = width * _FINER / _WIDE
    left = (size * _FINER - _WIDE * scale) / 2 - _LEFT * scale
    top = (size * _FINER - _HIGH * scale) / 2 - _TOP * scale

    def at(x: float, y: float) -> tuple[float, float]:
        return left + x * scale, top + y * scale

    mask = Image.new("L", (size * _FINER,) * 2)
    pen = ImageDraw.Draw(mask)
    x, y, radius = _HEAD
    pen.ellipse((*at(x - radius, y - radius), *at(x + radius, y + radius)), fill=255)
    line = [point for curve in _BACK for point in _along(*curve)]
    pen.polygon([at(*point) for point in (*line, (line[-1][0], _FOOT))], fill=255)
    return mask.resize((size, size), Image.Resampling.BOX)


def _png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


Dot = tuple[float, float]


def _along(a: Dot, b: Dot, c: Dot, d: Dot, steps: int = 24) -> list[Dot]:
    """Points on the cubic Bézier curve."""
    points = []
    for step in range(steps + 1):
        t = step / steps
        u = 1 - t
        weights = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
        corners = (a, b, c, d)
        points.append(
            (
                sum(w * p[0] for w, p in zip(weights, corners, strict=True)),
                sum(w * p[1] for w, p in zip(weights, corners, strict=True)),
            )
        )
    return points
