"""This module checks superlatives, streaks and signs (创历史, 近两年最高, 连续N个月, 自…以来) over the whole window they claim."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from waferline.audit.against.catalogue import REGION, Catalogue, region_of
from waferline.audit.against.facts import of_house
from waferline.audit.against.history import Point, growth_points, level_points, monthly_moves
from waferline.audit.against.known import Known
from waferline.audit.against.prices import PriceMove
from waferline.audit.against.statements import Statement
from waferline.audit.against.subjects import Topic, fitting, topics_in
from waferline.audit.claims.scene import Line, Scene
from waferline.audit.finding import Comparison, Outcome, Span
from waferline.audit.periods import periods_in
from waferline.quantity.decimals import rounded
from waferline.quantity.period import Period, months_from
from waferline.quantity.relations.base import Phrase

_N = "两二三四五六七八九十"
_EXTREME = re.compile(
    rf"(?:创(?:下|出|造)?了?|录得|为|是|达到?|刷新)?(?P<scope>有史以来|历史|史上|近(?P<n>[{_N}]|\d{{1,2}})年(?:来|以来)?|自?(?P<since>(?:19|20)\d\d)年以来)的?"
    r"(?P<which>最大|最高|最低|最小|新高|新低)(?P<one>单月|单季)?(?P<what>跌幅|涨幅|降幅|增幅|增速|值|水平)?"
    r"|(?P<en>record[- ](?P<enhigh>high|low)|(?P<enworst>largest|highest|lowest|biggest)\s(?:[a-z-]+\s){0,3}(?:(?P<ever>ever|on record|in history)|since\s(?P<ensince>(?:19|20)\d\d)|in\s(?P<enn>\d{1,2}|two|three|four|five|ten)\syears))",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"自?(?P<when>(?:19|20)\d\d年?(?:\d{1,2}月|第?[一二三四]季度|Q[1-4]|H[12])?)(?:以来|起|至今)(?:一直|持续|始终|均|都|连续)*(?:保持|维持|为|呈)?(?:在)?(?P<sign>正值|正增长|为正|增长|负值|负增长|为负|下降|下滑)"
    r"|(?:has|have)\s(?:been|stayed|remained)\s(?P<ensign>positive|negative)\ssince\s(?P<enwhen>(?:19|20)\d\d|Q[1-4]\s(?:19|20)\d\d)",
    re.IGNORECASE,
)
_STREAK = re.compile(
    r"(?:已|已经)?连续(?P<n>\d{1,2}|[两二三四五六七八九十])个?(?P<unit>月|季度|季|年)(?:[（(][^）)]{0,14}[）)])?(?P<on>同比|环比)?(?P<sign>正增长|增长|上升|增加|下滑|下降|减少|负增长|为正|为负)"
    r"|(?P<enon>)(?P<ensign>grew|rose|increased|fell|declined|dropped)\sfor\s(?P<enn>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)\s(?:consecutive|straight)\s(?P<enunit>months|quarters|years)",
    re.IGNORECASE,
)
_NUMBER = {w: i for i, w in enumerate("一二三四五六七八九十", 1)} | {"两": 2} | {
    w: i for i, w in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1)
}  # fmt: skip
_KIND = {"月": "month", "季度": "quarter", "季": "quarter", "年": "year"}
_LENGTH = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_NEAR = 40  # letters between a number and the superlative it earns


@dataclass(frozen=True, slots=True)
class _History:
    """Points of one measure, and how their values are told."""

    points: Sequence[Point]
    known: Known
    told: Callable[[Point], str]

    @property
    def series(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(point.series for point in self.points))

    @property
    def name(self) -> Phrase:
        names = [self.known.name(series) for series in self.series]
        return Phrase("、".join(n.zh for n in names), ", ".join(n.en for n in names))


def extremes(
    scene: Scene, line: Line, known: Known, stated: Sequence[Statement], moves: Sequence[PriceMove]
) -> Iterator[Comparison]:
    """A superlative right after a number that the sentence states of a series."""
    told: list[Statement | PriceMove] = [*stated, *moves]
    for match in _EXTREME.finditer(scene.text, line.sentence.start, line.sentence.end):
        said: Statement | PriceMove | None = None
        for one in told:
            gap = match.start() - one.mention.end
            if 0 <= gap <= _NEAR and (said is None or one.mention.start > said.mention.start):
                said = one
        if said is None or (isinstance(said, Statement) and said.expected):
            continue
        subject = _of_move(said, match, known) if isinstance(said, PriceMove) else _of_statement(said, known)
        if subject is not None:
            history, period = subject
            found = _extreme(history, period, match)
            if found is not None:
                yield _comparison("extreme", match, line, history, *found)


def _of_move(said: PriceMove, match: re.Match[str], known: Known) -> tuple[_History, Period] | None:
    """An index: only a month's move can be set against other months'."""
    period = Period(said.start, said.end)
    if period.kind != "month" or not (
        match["one"] == "单月" or match["en"] or match["what"] in ("跌幅", "涨幅")
    ):
        return None
    for entry in said.topic.entries:
        points = monthly_moves(known, entry.series)
        if any(p.period == period for p in points):
            return _History(points, known, _percent), period
    return None


def _of_statement(said: Statement, known: Known) -> tuple[_History, Period] | None:
    entries, _ = of_house(fitting(said.topic), said.said, known)
    kind = said.period.kind
    points = (
        growth_points(known, entries, kind, said.change)
        if said.change
        else level_points(known, entries, kind)
    )
    if not any(p.period == said.period for p in points):
        return None
    unit_told = _percent if said.change or said.mention.measure.kind == "percent" else _amount(said)
    return _History(points, known, unit_told), said.period


def _percent(point: Point) -> str:
    return rounded(point.value * 100, 2).replace("-", "−") + "%"


def _amount(said: Statement) -> Callable[[Point], str]:
    from waferline.audit.telling import number_like

    return lambda point: number_like(said.mention, point.value)


def _extreme(history: _History, period: Period, match: re.Match[str]) -> tuple[Outcome, Phrase, str] | None:
    this = next(p for p in history.points if p.period == period)
    lowest = _is_low(match, this)
    since = _scope(match, period)
    window = [
        p
        for p in history.points
        if p.period.end <= period.end and (since is None or p.period.start >= since.start)
    ]
    beyond = [
        p for p in window
        if p.period != period
        and (p.interval.high < this.interval.low if lowest else p.interval.low > this.interval.high)
    ]  # fmt: skip
    first = window[0].period
    told = history.told
    span_zh, span_en = (
        f"{first.words('zh')}至{period.words('zh')}",
        f"{first.words('en')} to {period.words('en')}",
    )
    if beyond:
        counter = beyond[0]
        return "differs", Phrase(
            f"“{match.group().strip()}”不成立：{counter.period.words('zh')}为{told(counter)}，{period.words('zh')}为{told(this)}（比较{span_zh}已知的{len(window)}期）",
            f"“{match.group().strip()}” does not hold: {counter.period.words('en')} was {told(counter)}, {period.words('en')} {told(this)} ({len(window)} known periods compared, {span_en})",
        ), told(counter)  # fmt: skip
    wanted = (
        period.start.year * 12 + period.start.month - first.start.year * 12 - first.start.month
    ) // _LENGTH.get(period.kind, 1) + 1
    covered = since is not None and first.start <= since.next().start and len(window) >= wanted
    outcome: Outcome = "agrees" if covered else "unknown"
    open_zh = "" if covered else "；证据未覆盖所称的全部区间，不能判定"
    open_en = (
        "" if covered else "; the evidence does not cover all of the stated window, so nothing can be said"
    )
    return outcome, Phrase(
        f"在{span_zh}已知的{len(window)}期中，{period.words('zh')}的{told(this)}没有被超过{open_zh}",
        f"of the {len(window)} known periods from {span_en}, none goes beyond {told(this)} of {period.words('en')}{open_en}",
    ), told(this)  # fmt: skip


def _is_low(match: re.Match[str], this: Point) -> bool:
    if match["en"]:
        low = (match["enhigh"] or "").lower() == "low" or (match["enworst"] or "").lower() == "lowest"
        falls = re.search(r"fall|drop|decline|loss", match.group(), re.IGNORECASE)
        return low or bool(falls)
    return match["which"] in ("最低", "最小", "新低") or match["what"] in ("跌幅", "降幅")


def _scope(match: re.Match[str], period: Period) -> Period | None:
    """The first period of the window a superlative claims; None where it claims all of history."""
    count = match["n"] or match["enn"]
    months = _LENGTH.get(period.kind, 1)
    if count:
        years = int(count) if count.isdigit() else _NUMBER[count.lower()]
        last = period.end.year * 12 + period.end.month
        return months_from(last - 12 * years, months)
    year = match["since"] or match["ensince"]
    # "The highest since 2021" may mean that 2021 was higher: that year says nothing against it.
    return months_from((int(year) + 1) * 12, months) if year else None


def since_signs(scene: Scene, line: Line, catalogue: Catalogue, known: Known) -> Iterator[Comparison]:
    """A growth that is said to have kept its sign since a period; each period from then on is looked at."""
    for match in _SINCE.finditer(scene.text, line.sentence.start, line.sentence.end):
        when = next(iter(periods_in(match["when"] or match["enwhen"])), None)
        topic = _spoken_of(scene, line, catalogue, match.start())
        if when is None or when.period is None or when.sort != "period" or topic is None:
            continue
        sign = match["sign"] or match["ensign"]
        falls = sign in ("负值", "负增长", "为负", "下降", "下滑") or sign.lower() == "negative"
        sentence = scene.text[line.sentence.start : line.sentence.end]
        entries, _ = of_house(fitting(topic), sentence, known)
        for kind in ("quarter", "month", "year"):
            points = [p for p in growth_points(known, entries, kind) if p.period.start >= when.period.start]
            if points:
                yield _comparison(
                    "since",
                    match,
                    line,
                    _History(points, known, _percent),
                    *_kept(points, falls, kind, match),
                )
                break


def streaks(scene: Scene, line: Line, catalogue: Catalogue, known: Known) -> Iterator[Comparison]:
    """So many periods in a row up to the newest known: each of them is looked at."""
    for match in _STREAK.finditer(scene.text, line.sentence.start, line.sentence.end):
        topic = _spoken_of(scene, line, catalogue, match.start())
        if topic is None:
            continue
        told = (match["n"] or match["enn"]).lower()
        count = int(told) if told.isdigit() else _NUMBER[told]
        kind = _KIND[match["unit"]] if match["unit"] else match["enunit"].lower()[:-1]
        sign = (match["sign"] or match["ensign"]).lower()
        falls = sign in ("下滑", "下降", "减少", "负增长", "为负", "fell", "declined", "dropped")
        sentence = scene.text[line.sentence.start : line.sentence.end]
        entries, _ = of_house(fitting(topic), sentence, known)
        change = "yoy" if match["on"] != "环比" else "qoq"
        points = list(growth_points(known, entries, kind, change))[-count:]
        if len(points) == count:
            yield _comparison(
                "streak",
                match,
                line,
                _History(points, known, _percent),
                *_kept(points, falls, kind, match),
            )


def _kept(
    points: Sequence[Point], falls: bool, kind: str, match: re.Match[str]
) -> tuple[Outcome, Phrase, str]:
    against = [p for p in points if (p.interval.low >= 0 if falls else p.interval.high <= 0)]
    first, last = points[0].period, points[-1].period
    span_zh, span_en = (
        f"{first.words('zh')}至{last.words('zh')}",
        f"{first.words('en')} to {last.words('en')}",
    )
    if against:
        counter = against[0]
        return "differs", Phrase(
            f"“{match.group().strip()}”不成立：{counter.period.words('zh')}为{_percent(counter)}",
            f"“{match.group().strip()}” does not hold: {counter.period.words('en')} was {_percent(counter)}",
        ), _percent(counter)  # fmt: skip
    whole = (last.start.year * 12 + last.start.month - first.start.year * 12 - first.start.month) // _LENGTH[
        kind
    ] + 1
    clear = all(p.interval.high < 0 if falls else p.interval.low > 0 for p in points)
    outcome: Outcome = "agrees" if clear and len(points) == whole else "unknown"
    return outcome, Phrase(
        f"{span_zh}已知的{len(points)}期没有反例" + ("" if outcome == "agrees" else f"，但区间内有{whole}期，不能判定"),
        f"no counter-example in the {len(points)} known periods from {span_en}" + ("" if outcome == "agrees" else f", but the stretch has {whole}, so nothing can be said"),
    ), ""  # fmt: skip


def _spoken_of(scene: Scene, line: Line, catalogue: Catalogue, before: int) -> Topic | None:
    """The topic of the sentence, in the region that the clause names: 大陆地区的增速自2023年以来保持正值."""
    topics = [
        t for t in topics_in(scene.text, line.sentence.start, before, catalogue) if t.measure != "close"
    ]
    if not topics:
        return None
    topic = topics[-1]
    start, _ = line.sentence.clause_at(before)
    clause = scene.text[max(start, topic.end) : before]
    regions = [region_of(m.group()) for m in REGION.finditer(clause)]
    if len(set(regions)) > 1 or (topic.end < start and not regions):
        return None
    if topic.end < start and not re.search(r"增速|增长率|同比|销售|growth", clause):
        return None
    return Topic(
        topic.start,
        topic.end,
        topic.subject,
        topic.measure,
        regions[0] if regions else topic.region,
        topic.entries,
    )


def _comparison(
    kind: str,
    match: re.Match[str],
    line: Line,
    history: _History,
    outcome: Outcome,
    phrase: Phrase,
    observed: str,
) -> Comparison:
    text = match.group().strip()
    start = match.start() + len(match.group()) - len(match.group().lstrip())
    return Comparison(
        kind, outcome, Span(start, start + len(text), text, "stated"), history.series,
        Phrase(f"{history.name.zh}：{phrase.zh}", f"{history.name.en}: {phrase.en}"), observed=observed,
        place=(line.sentence.start, line.sentence.end),
    )  # fmt: skip
