"""Small pictures of counts, drawn on request from the address alone: nothing is kept."""

from functools import lru_cache
from io import BytesIO

from aiohttp import web

from bot.signed import Signed
from handlers.kit.cards import Chart

_WIDTH, _HEIGHT = 800, 320
_PAPER, _INK, _BAR, _LINE = "#ffffff", "#1f2933", "#2f6f6a", "#c9d2d9"

_DRAWN = 64
"""Pictures that a process remembers: each holds up everybody while it is drawn, and whoever has the
address of one may ask for it in a loop."""


class Charts:
    """Makes addresses of charts and serves the pictures.

    The bars travel in the address, signed with the first of the secrets: who has no address from
    us draws nothing, and replicas need not share anything. `base` is Plecs' own address as the
    picture's reader sees it; None where nobody could fetch a picture, and the renderers show the
    bars as text.
    """

    def __init__(self, base: str | None, *secrets: str) -> None:
        self._base = base
        self._signed = Signed("addresses of pictures", *secrets)

    def url(self, chart: Chart) -> str | None:
        """Where the chart's picture is, or None where nobody could fetch it."""
        if self._base is None:
            return None
        return f"{self._base}/charts/{self._signed.token(chart.bars)}.png"

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/charts/{token}.png", self._picture)]

    async def _picture(self, request: web.Request) -> web.Response:
        bars = self._signed.values(request.match_info["token"])
        if bars is None:
            raise web.HTTPNotFound(text="There is no such picture.")
        return web.Response(
            body=draw(tuple((str(name), int(count)) for name, count in bars)),
            content_type="image/png",
            headers={"Cache-Control": "public, max-age=86400, immutable"},
        )


@lru_cache(maxsize=_DRAWN)
def draw(bars: tuple[tuple[str, int], ...]) -> bytes:
    """The bars as a PNG: counts above, names below, one colour, legible on a phone."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 - large, for a picture a week

    image = Image.new("RGB", (_WIDTH, _HEIGHT), _PAPER)
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=26)
    floor, top = _HEIGHT - 52, 48
    most = max((count for _, count in bars), default=0) or 1
    slot = _WIDTH / max(len(bars), 1)
    pen.line((16, floor, _WIDTH - 16, floor), fill=_LINE, width=2)
    for number, (name, count) in enumerate(bars):
        middle = slot * (number + 0.5)
        height = (floor - top) * count / most
        if count:
            left, right = middle - slot * 0.3, middle + slot * 0.3
            pen.rounded_rectangle((left, floor - height, right, floor - 1), 6, fill=_BAR)
        pen.text((middle, floor - height - 8), str(count), fill=_INK, font=font, anchor="ms")
        pen.text((middle, floor + 34), name, fill=_INK, font=font, anchor="ms")
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
