"""This script rebuilds `src/waferline/render/assets/fonts/` from the npm package that ships whole Noto Sans SC.

    npm pack @expo-google-fonts/noto-sans-sc@0.4.3 && tar xf expo-google-fonts-noto-sans-sc-0.4.3.tgz
    python tools/build_fonts.py package

It keeps GB2312, the frequent Traditional characters (Big5, level 1), Latin, Greek, punctuation and the signs reports use.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

WEIGHTS = {"Regular": "400Regular/NotoSansSC_400Regular.ttf", "Bold": "700Bold/NotoSansSC_700Bold.ttf"}
TARGET = Path(__file__).resolve().parents[1] / "src" / "waferline" / "render" / "assets" / "fonts"
EXTRA = "→←↑↓↗↘√①②③④⑤⑥⑦⑧⑨⑩ⅠⅡⅢⅣⅤ岹−×÷≥≤≠≈±∞∑Δ–—“”‘’…✓▲▼△▽●○■□◆◇★☆◐•·°‰²³¹€£¥™©®§¶†‡½¼¾ﬁ"
RANGES = ((0x20, 0x7E), (0xA0, 0x17F), (0x391, 0x3C9), (0x2010, 0x2027), (0x3000, 0x303F), (0xFF01, 0xFF5E))
CREATED = 3_702_531_239  # the `head` time of the original, so that a rebuild gives the same bytes


def characters() -> set[int]:
    """Code points to keep, those the original lacks included."""
    kept = {ord(sign) for sign in EXTRA}
    for first, last in RANGES:
        kept.update(range(first, last + 1))
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            kept.update(map(ord, bytes((high, low)).decode("gb2312", errors="ignore")))
    for high in range(0xA4, 0xC7):  # level 1 of Big5: the 5,401 frequent Traditional characters
        for low in (*range(0x40, 0x7F), *range(0xA1, 0xFF)):
            kept.update(map(ord, bytes((high, low)).decode("big5", errors="ignore")))
    return kept - {0xFFFD}


def main(package: Path) -> None:
    """Write the subset files and the licence."""
    options = subset.Options(
        layout_features=["kern", "mark", "mkmk", "ccmp", "pwid"],
        hinting=False,
        notdef_outline=True,
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14],
        drop_tables=["DSIG", "BASE", "VORG", "vhea", "vmtx", "GDEF"],
    )
    TARGET.mkdir(parents=True, exist_ok=True)
    for weight, inside in WEIGHTS.items():
        font = TTFont(package / inside, recalcTimestamp=False)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=characters())
        subsetter.subset(font)
        font["head"].created = font["head"].modified = CREATED
        target = TARGET / f"NotoSansSC-{weight}.ttf"
        font.save(target)
        print(f"{target.name}: {len(font.getBestCmap())} characters, {target.stat().st_size / 1e6:.2f} MB")
    (TARGET / "OFL.txt").write_bytes((package / "LICENSE_FONT").read_bytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
