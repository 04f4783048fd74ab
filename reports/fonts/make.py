"""Makes the fonts of the charts and the table of their widths from Inter 3.19. See README.md."""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
# Latin with its accents, Greek, Cyrillic, punctuation, currency, letterlike signs, arrows, mathematics, shapes.
RANGES = [
    (0x20, 0x7E), (0xA0, 0x17F), (0x1E00, 0x1EFF), (0x370, 0x3FF), (0x400, 0x45F), (0x2010, 0x2044),
    (0x2070, 0x209F), (0x20AC, 0x20AC), (0x2116, 0x2122), (0x2150, 0x215F), (0x2190, 0x21FF), (0x2200, 0x22FF),
    (0x25A0, 0x25FF), (0x2713, 0x2717), (0xFFFD, 0xFFFD),
]  # fmt: skip
# What a page or an image carries with it: Latin-1 and the signs that charts use. Anything else falls back.
SMALL = [
    (0x20, 0x7E), (0xA0, 0xFF), (0x2013, 0x2014), (0x2018, 0x201D), (0x2022, 0x2022), (0x2026, 0x2026),
    (0x2190, 0x2193), (0x2212, 0x2212), (0x2248, 0x2248), (0x2264, 0x2265), (0xFFFD, 0xFFFD),
]  # fmt: skip
FACES = {"regular": "Inter-Regular", "bold": "Inter-Bold", "italic": "Inter-Italic"}


def face(source: Path) -> TTFont:
    font = TTFont(source)
    tabular = {}
    features = font["GSUB"].table
    for record in features.FeatureList.FeatureRecord:
        if record.FeatureTag == "tnum":
            for index in record.Feature.LookupListIndex:
                for table in features.LookupList.Lookup[index].SubTable:
                    tabular.update(getattr(table, "ExtSubTable", table).mapping)
    # Figures stand in columns: those of equal width become the ordinary ones.
    for table in font["cmap"].tables:
        for code in range(0x30, 0x3A):
            if code in table.cmap:
                table.cmap[code] = tabular.get(table.cmap[code], table.cmap[code])
    cut(font, RANGES)
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    return font


def cut(font: TTFont, ranges: list[tuple[int, int]]) -> None:
    """Keeps these characters. Ligatures go: they would turn `10x20` into `10×20`."""
    options = subset.Options(layout_features=["kern", "mark", "mkmk", "ccmp"], name_IDs=["*"], notdef_outline=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for low, high in ranges for code in range(low, high + 1)])
    subsetter.subset(font)


def widths(font: TTFont) -> str:
    """A character per code from U+0020 to U+007E: its width in 64ths of the size of the font, from `0` on."""
    cmap, metrics, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    return "".join(chr(48 + round(metrics[cmap[code]][0] * 64 / em)) for code in range(0x20, 0x7F))


def main(folder: str) -> None:
    tables = []
    for name, source in FACES.items():
        font = face(Path(folder) / f"{source}.otf")
        tables.append((name, widths(font)))
        font.save(HERE / f"{name}.otf")
        font = TTFont(HERE / f"{name}.otf")
        font.recalcTimestamp = False
        cut(font, SMALL)
        font.flavor = "woff2"
        font.save(HERE / f"{name}.woff2")
    for name, table in tables:
        print(name, repr(table))


main(sys.argv[1])
