"""This module holds the units: one closed algebra, and the one table of every unit string the product
reads."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from functools import lru_cache

from waferline.errors import BadInput

Dims = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A measure: what it counts (`dims`, with the basis inside) and how many base units one of it is
    (`scale`).

    The value of a quantity is a number *in its unit*: 19.1 with unit % is 0.191 in base units. Currencies,
    price bases, wafer bases, % and percentage points are different dims, so they never convert into one
    another.

    >>> unit("USD bn").scale / unit("USD mn").scale
    Fraction(1000, 1)
    """

    name: str
    dims: Dims
    scale: Fraction
    zh: str
    en: str

    def __str__(self) -> str:
        return self.name

    def __mul__(self, other: Unit) -> Unit:
        return _combined(self, other, 1)

    def __truediv__(self, other: Unit) -> Unit:
        return _combined(self, other, -1)

    def __pow__(self, exponent: int) -> Unit:
        result = unit("x")
        for _ in range(abs(exponent)):
            result = result * self if exponent > 0 else result / self
        return result


def convertible(a: Unit, b: Unit) -> bool:
    """True when a number in one can be written in the other: the same thing on the same basis, another scale.

    >>> convertible(unit("USD bn"), unit("亿美元")), convertible(unit("USD"), unit("USD (2023)"))
    (True, False)
    """
    return a.dims == b.dims


def unit(name: str) -> Unit:
    """The unit of that name; also products `a × b` and quotients `a per b` of known units.

    Refuses an unknown name and lists the near misses.

    >>> unit("CNY 100m").zh, unit("CNY per USD").dims
    ('亿元', (('CNY', 1), ('USD', -1)))
    """
    return _read(name.strip())


def base_of(dims: Dims) -> Unit | None:
    """The unit of scale 1 of these dims in the table, whose words carry no scale: 美元, 片/月. None if there
    is none."""
    return _BY_MEASURE.get((dims, Fraction(1)))


CURRENCIES = ("USD", "CNY", "TWD", "HKD", "EUR", "JPY", "KRW", "USD (2023)")


def currencies_of(measure: Unit) -> tuple[str, ...]:
    """The currencies among its dims, above or below the line."""
    return tuple(dim for dim, _ in measure.dims if dim in CURRENCIES)


_BN, _MN, _K, _YI, _WAN = 10**9, 10**6, 10**3, 10**8, 10**4
_WAFER_8, _WAFER_12 = "wafer (8-inch equivalent)", "wafer (12-inch)"
_WAFER_12EQ, _WAFER_UNSTATED = "wafer (12-inch equivalent)", "wafer (basis not stated)"
_MONEY = (
    ("USD", "美元"),
    ("CNY", "元"),
    ("TWD", "新台币"),
    ("HKD", "港元"),
    ("EUR", "欧元"),
    ("JPY", "日元"),
    ("KRW", "韩元"),
)

# name, dims, scale, zh, en. Of units with equal dims and scale, the first is the one results are given in.
_ROWS: tuple[tuple[str, str, int | Fraction, str, str], ...] = (
    ("x", "", 1, "倍", "x"),
    ("ratio", "", 1, "倍", "x"),
    ("fraction", "", 1, "", ""),
    ("nat", "", 1, "nat", "nats"),
    ("%", "", Fraction(1, 100), "%", "%"),
    ("pp", "percentage_point", Fraction(1, 100), "个百分点", "pp"),
    ("percentage point", "percentage_point", Fraction(1, 100), "个百分点", "pp"),
    ("ratio per year", "annual_factor", 1, "倍/年", "x a year"),
    ("count", "count", 1, "个", ""),
    ("million", "count", _MN, "百万个", "mn"),
    ("mn", "count", _MN, "百万", "mn"),
    ("bn", "count", _BN, "十亿", "bn"),
    ("万", "count", _WAN, "万", "10,000"),
    ("亿", "count", _YI, "亿", "100 mn"),
    ("index", "index", 1, "点", "points"),
    ("index points", "index", 1, "点", "points"),
    ("USD (2023)", "USD (2023)", 1, "美元(2023年价)", "USD (2023)"),
    ("USD per GPU hour", "USD GPU_hour^-1", 1, "美元/GPU小时", "USD per GPU hour"),
    ("USD per token", "USD token^-1", 1, "美元/token", "USD per token"),
    ("USD per mn tokens", "USD token^-1", Fraction(1, _MN), "美元/百万token", "USD per mn tokens"),
    ("CNY per token", "CNY token^-1", 1, "元/token", "CNY per token"),
    ("CNY per mn tokens", "CNY token^-1", Fraction(1, _MN), "元/百万token", "CNY per mn tokens"),
    ("wafers", "wafer", 1, "片", "wafers"),
    ("million wafers", "wafer", _MN, "百万片", "mn wafers"),
    ("wafers (8-inch equivalent)", _WAFER_8, 1, "片(折合8英寸)", "wafers (8-inch equivalent)"),
    (
        "million wafers (8-inch equivalent)",
        _WAFER_8,
        _MN,
        "百万片(折合8英寸)",
        "mn wafers (8-inch equivalent)",
    ),
    ("wafers (12-inch equivalent)", _WAFER_12EQ, 1, "片(折合12英寸)", "wafers (12-inch equivalent)"),
    (
        "million wafers (12-inch equivalent)",
        _WAFER_12EQ,
        _MN,
        "百万片(折合12英寸)",
        "mn wafers (12-inch equivalent)",
    ),
    ("wafers (12-inch)", _WAFER_12, 1, "片(12英寸)", "wafers (12-inch)"),
    ("wafers (basis not stated)", _WAFER_UNSTATED, 1, "片(口径未注明)", "wafers (basis not stated)"),
    (
        "million wafers (basis not stated)",
        _WAFER_UNSTATED,
        _MN,
        "百万片(口径未注明)",
        "mn wafers (basis not stated)",
    ),
    (
        "wafers (period not stated)",
        "wafer (period not stated)",
        1,
        "片(期间未注明)",
        "wafers (period not stated)",
    ),
    ("WPM", "wafer month^-1", 1, "片/月", "wafers per month"),
    ("million WPM", "wafer month^-1", _MN, "百万片/月", "mn wafers per month"),
    (
        "WPM (8-inch equivalent)",
        f"{_WAFER_8} month^-1",
        1,
        "片/月(折合8英寸)",
        "8-inch equivalent wafers per month",
    ),
    (
        "million WPM (8-inch equivalent)",
        f"{_WAFER_8} month^-1",
        _MN,
        "百万片/月(折合8英寸)",
        "mn 8-inch equivalent wafers per month",
    ),
    (
        "WPM (12-inch equivalent)",
        f"{_WAFER_12EQ} month^-1",
        1,
        "片/月(折合12英寸)",
        "12-inch equivalent wafers per month",
    ),
    ("WPM (12-inch)", f"{_WAFER_12} month^-1", 1, "片/月(12英寸)", "12-inch wafers per month"),
    ("units", "unit", 1, "台", "units"),
    ("thousand units", "unit", _K, "千台", "thousand units"),
    ("million units", "unit", _MN, "百万台", "mn units"),
    ("万台", "unit", _WAN, "万台", "10,000 units"),
    ("万部", "unit", _WAN, "万部", "10,000 units"),
    ("亿台", "unit", _YI, "亿台", "100 mn units"),
    ("亿部", "unit", _YI, "亿部", "100 mn units"),
    ("fabs", "fab", 1, "座", "fabs"),
    ("nodes", "node", 1, "个节点", "nodes"),
    ("stacks", "stack", 1, "个堆栈", "stacks"),
    ("datapoints", "datapoint", 1, "个数据点", "datapoints"),
    ("rating", "rating", 1, "分", "rating points"),
    ("x reticle", "reticle", 1, "倍光罩面积", "x reticle"),
    ("GPUs", "GPU", 1, "张GPU", "GPUs"),
    ("GPU", "GPU", 1, "张GPU", "GPU"),
    ("thousand GPUs", "GPU", _K, "千张GPU", "thousand GPUs"),
    ("GPU hours", "GPU_hour", 1, "GPU小时", "GPU hours"),
    ("thousand GPU hours", "GPU_hour", _K, "千GPU小时", "thousand GPU hours"),
    ("mn GPU hours", "GPU_hour", _MN, "百万GPU小时", "mn GPU hours"),
    ("万GPU小时", "GPU_hour", _WAN, "万GPU小时", "10,000 GPU hours"),
    ("亿GPU小时", "GPU_hour", _YI, "亿GPU小时", "100 mn GPU hours"),
    ("bn GPU hours", "GPU_hour", _BN, "十亿GPU小时", "bn GPU hours"),
    ("questions", "question", 1, "道题", "questions"),
    ("thousand questions", "question", _K, "千道题", "thousand questions"),
    ("parameters", "parameter", 1, "个参数", "parameters"),
    ("bn parameters", "parameter", _BN, "十亿个参数", "bn parameters"),
    ("100m parameters", "parameter", _YI, "亿个参数", "100 mn parameters"),
    ("tokens", "token", 1, "个token", "tokens"),
    ("thousand tokens", "token", _K, "千个token", "thousand tokens"),
    ("token", "token", 1, "个token", "token"),
    ("bn tokens", "token", _BN, "十亿个token", "bn tokens"),
    ("tn tokens", "token", 10**12, "万亿个token", "tn tokens"),
    ("token/s", "token second^-1", 1, "token/秒", "tokens/s"),
    ("tokens/s", "token second^-1", 1, "token/秒", "tokens/s"),
    ("FLOP", "FLOP", 1, "FLOP", "FLOP"),
    ("GFLOP", "FLOP", _BN, "GFLOP", "GFLOP"),
    ("TFLOP", "FLOP", 10**12, "TFLOP", "TFLOP"),
    ("FLOP/s", "FLOP second^-1", 1, "FLOP/s", "FLOP/s"),
    ("TFLOP/s", "FLOP second^-1", 10**12, "TFLOP/s", "TFLOP/s"),
    ("EFLOPS", "FLOP second^-1", 10**18, "EFLOPS", "EFLOPS"),
    ("TOP/s", "operation second^-1", 10**12, "TOPS", "TOPS"),
    ("TOPS", "operation second^-1", 10**12, "TOPS", "TOPS"),
    ("bytes", "byte", 1, "字节", "bytes"),
    ("kB", "byte", _K, "kB", "kB"),
    ("MB", "byte", _MN, "MB", "MB"),
    ("MiB", "byte", 2**20, "MiB", "MiB"),
    ("GiB", "byte", 2**30, "GiB", "GiB"),
    ("GB", "byte", _BN, "GB", "GB"),
    ("TB", "byte", 10**12, "TB", "TB"),
    ("million GB", "byte", 10**15, "百万GB", "mn GB"),
    ("GB/s", "byte second^-1", _BN, "GB/s", "GB/s"),
    ("TB/s", "byte second^-1", 10**12, "TB/s", "TB/s"),
    ("Gb/s", "byte second^-1", _BN // 8, "Gb/s", "Gb/s"),
    ("W", "watt", 1, "瓦", "W"),
    ("kW", "watt", _K, "千瓦", "kW"),
    ("MW", "watt", _MN, "兆瓦", "MW"),
    ("GW", "watt", _BN, "吉瓦", "GW"),
    ("J", "second watt", 1, "焦耳", "J"),
    ("Wh", "second watt", 3600, "瓦时", "Wh"),
    ("kWh", "second watt", 3_600_000, "千瓦时", "kWh"),
    ("MWh", "second watt", 3_600_000_000, "兆瓦时", "MWh"),
    ("g", "gram", 1, "克", "g"),
    ("pixels", "pixel", 1, "像素", "pixels"),
    ("megapixel", "pixel", _MN, "百万像素", "megapixels"),
    ("nm", "nanometre", 1, "纳米", "nm"),
    ("mm", "millimetre", 1, "毫米", "mm"),
    ("mm2", "millimetre^2", 1, "平方毫米", "mm²"),
    ("square inches", "square_inch", 1, "平方英寸", "square inches"),
    ("million square inches", "square_inch", _MN, "百万平方英寸", "mn square inches"),
    ("seconds", "second", 1, "秒", "seconds"),
    ("ms", "second", Fraction(1, 1000), "毫秒", "ms"),
    ("µs", "second", Fraction(1, 1_000_000), "微秒", "µs"),
    ("minutes", "second", 60, "分钟", "minutes"),
    ("hours", "second", 3600, "小时", "hours"),
    ("day", "second", 86400, "天", "days"),
    ("days", "second", 86400, "天", "days"),
    ("weeks", "second", 604800, "周", "weeks"),
    ("month", "month", 1, "个月", "months"),
    ("months", "month", 1, "个月", "months"),
    ("year", "month", 12, "年", "years"),
    ("years", "month", 12, "年", "years"),
    ("calendar year", "calendar_year", 1, "年", ""),
)


def _dims(text: str) -> Dims:
    """Read `wafer (8-inch equivalent) month^-1`: words, a bracketed basis belongs to the word before it."""
    found: dict[str, int] = {}
    rest = text
    while rest:
        stop = rest.find(") ") + 1 if rest.partition(" ")[2].startswith("(") else rest.find(" ")
        word, rest = (rest[:stop], rest[stop + 1 :]) if stop > 0 else (rest, "")
        base, _, power = word.partition("^")
        found[base] = int(power or 1)
    return tuple(sorted(found.items()))


def _money_rows() -> list[Unit]:
    rows = []
    for code, zh in _MONEY:
        scales = (
            (code, 1, zh, code),
            (f"{code} bn", _BN, f"十亿{zh}", f"{code} bn"),
            (f"{code} mn", _MN, f"百万{zh}", f"{code} mn"),
            (f"{code} thousand", _K, f"千{zh}", f"{code} thousand"),
            (f"{code} 100m", _YI, f"亿{zh}", f"{code} 100 mn"),
            (f"{code} tn", 10**12, f"万亿{zh}", f"{code} tn"),
            (f"{code} 10k", _WAN, f"万{zh}", f"{code} 10,000"),
        )
        rows += [Unit(name, ((code, 1),), Fraction(scale), words, en) for name, scale, words, en in scales]
        # The Chinese words are names of their own for readers of Chinese documents.
        rows += [Unit(words, ((code, 1),), Fraction(scale), words, en) for name, scale, words, en in scales]
    return rows


def _table() -> dict[str, Unit]:
    units = [Unit(name, _dims(dims), Fraction(scale), zh, en) for name, dims, scale, zh, en in _ROWS]
    return {measure.name: measure for measure in units + _money_rows()}


UNITS: dict[str, Unit] = _table()
_BY_MEASURE: dict[tuple[Dims, Fraction], Unit] = {}
for _measure in UNITS.values():
    _BY_MEASURE.setdefault((_measure.dims, _measure.scale), _measure)


@lru_cache(maxsize=4096)
def _read(name: str) -> Unit:
    if name in UNITS:
        return UNITS[name]
    for mark, sign in ((" per ", -1), (" × ", 1)):
        left, found, right = _split(name, mark)
        if found:
            return _combined(_read(left), _read(right), sign)
    if name.startswith("[") and name.endswith("]"):
        return _read(name[1:-1])
    near = get_close_matches(name, UNITS, n=3, cutoff=0.5)
    raise BadInput(
        where=f"unit {name!r}",
        what="unknown unit",
        expected="a unit of the table in waferline/quantity/units.py",
        found=repr(name),
        fix=" or ".join(near) or None,
    )


def _split(name: str, mark: str) -> tuple[str, str, str]:
    """Split at the last `mark` outside square brackets, so that a × b per c per d reads left to right."""
    depth, at = 0, -1
    for i, char in enumerate(name):
        depth += (char == "[") - (char == "]")
        if depth == 0 and name.startswith(mark, i):
            at = i
    return (name, "", "") if at < 0 else (name[:at], mark, name[at + len(mark) :])


@lru_cache(maxsize=4096)
def _combined(a: Unit, b: Unit, sign: int) -> Unit:
    powers = dict(a.dims)
    for dim, power in b.dims:
        powers[dim] = powers.get(dim, 0) + sign * power
    dims = tuple(sorted((dim, power) for dim, power in powers.items() if power))
    scale = a.scale * b.scale if sign > 0 else a.scale / b.scale
    known = _BY_MEASURE.get((dims, scale))
    if known:
        return known
    if sign < 0:
        name = f"{a.name} per {_grouped(b.name)}"
        return Unit(name, dims, scale, f"{a.zh}/{b.zh}", f"{a.en} per {_one(b.en)}")
    return Unit(f"{_grouped(a.name)} × {_grouped(b.name)}", dims, scale, f"{a.zh}·{b.zh}", f"{a.en}·{b.en}")


def _one(plural: str) -> str:
    return plural.removesuffix("s") if not plural.endswith("/s") else plural


def _grouped(name: str) -> str:
    return f"[{name}]" if " per " in name or " × " in name else name
