"""This module finds forecasts of periods that had ended when the document was written, and days after it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from waferline.audit.claims.scene import Line, Scene
from waferline.audit.finding import Remark
from waferline.audit.periods import When, periods_in
from waferline.audit.remarks.dates import NOT_YET, OwnDay, days_in, own_day
from waferline.audit.remarks.remark import remark_at, sentences

# Results follow a period by weeks: until then a forecast of it is still news.
_GRACE = timedelta(60)

_VERB = (
    # 将 before a noun moves an object (将在建工程转入…) and forecasts nothing.
    r"是|会(?!计|员|议)|达|突破|超(?!额|声|薄|高|募)|增(?!值|量|资|发)|上升|下降|升|降(?!噪)|回升|回落|回暖|迎来|实现|保持|进入|成为|继续|恢复|"
    r"在(?!建|手|研|售|产|途)|于|为|占|有(?!限|关|色|息|效|利|序)|持续|同比|环比|维持|进一步|翻|逼近|接近|首次|贡献|投产"
)
_CUE = re.compile(
    rf"预计|有望|可望|料将|预料|预测(?=[，,:：]?\s?(?:到|至|全球|中国|我国|20|将))|预期(?=将|20|到)|(?:或|势必?)?(?<!即)将(?:{_VERB})"
)
_BACK = re.compile(
    r"此前|曾|原(?:预|先|来|定|计划)|先前|早前|年初(?:的?预|时?曾)|去年(?:底|末|初)?(?:的?预|曾)|[于超及合]预期|实际|最终|业绩预告|预告|初步|快报|"
    r"回顾|当时|彼时|一度|年版|完成率|前次|上次|未达|落空|修正|关联交易|议案|预案|《|准则|到期|归属|行权|解锁"
)
_SAID = re.compile(
    r"宣布|表示|[^名]称|提出|公告|通过|签署|决定|批准|印发|指出|强调|开源|成立|启动|计划|目标|年报|报告|大会|出版|发布|推出|以来|起|之?后|开始|已|了"
)
_DATED_FORECAST = re.compile(r"[月日号初底末](?:时|的报告|[^，。；]{0,8})?(?:预计|预测|预期)")
_COMPARED = re.compile(r"(?:较|比|从|由|自|于自|继|距|与|同|基于|根据|据|相比于?)\s?$")
_RANGE_AFTER = re.compile(r"\s?(?:[-–~—至到]|与|和|及|、)\s?(?:(?:19|20)\d\d|\d\d?月)")
_RANGE_BEFORE = re.compile(r"\d\s?[EAF]?年?[底末初]?\s?(?:[-–~—至到]|与|和|及|、)\s?$")

_CUE_EN = re.compile(
    r"(?<![A-Za-z])(?:(?:is|are)\s(?:now\s|widely\s|still\s)?(?:expected|forecast(?:ed)?|projected|predicted|set|poised|likely|on track|anticipated)\sto"
    r"|(?:expects?|forecasts?|projects?|predicts?|anticipates?)\s(?!-)"
    r"|will\s(?:be|reach|grow|rise|fall|increase|decrease|decline|total|exceed|hit|climb|drop|expand|remain|account|surpass|double|come|contract|shrink|recover|ship|sell))",
)
_BACK_EN = re.compile(
    r"previous|earlier|(?:had|was|were|been)\s(?:\w+\s)?(?:expect|forecast|project|predict|anticipat)|original|initial|actual|preliminary|"
    r"(?:in line with|above|below|than|beat|missed|exceeded|topped|versus|against)\s[^.;]{0,40}(?:expect|forecast|estimate|consensus|project|guidance)|"
    r"annual (?:report|meeting)|conference call|webcast|10-K|10-Q|filing|audit|effective|adopt|standard|beginning after|matur|lease|vest|expire|repay|payable|\bdue\b|\bsaid (?:in|on|last)\b|back in|at the time|once",
    re.IGNORECASE,
)
_COMPARED_EN = re.compile(
    r"(?:from|than|over|since|versus|vs\.?|against|after|compared (?:with|to)|relative to|following)\s(?:[\w$.,%]+\s){0,4}?(?:in\s|of\s|for\s|the\s)?$",
    re.IGNORECASE,
)
_REALISED = re.compile(
    r"同比|环比|录得|实现|达到?|已|了|共计|累计|报收|收于|涨|跌|"
    r"(?<![A-Za-z])(?:rose|fell|grew|was|were|reported|posted|totall?ed|reached|increased|decreased|declined|shipped|sold|dropped|climbed|closed)(?![A-Za-z])"
)
_FORWARD = re.compile(
    r"或|会|(?<=\d)E(?![A-Za-z])|假设|情景|测算|目标|起|开始|自|生效|实施|施行|执行|召开|举行|登记日|派息|除权|除息|股东|assum|scenario|from|effective|begin|start|dividend|meeting|record date",
    re.IGNORECASE,
)


def stale_forecasts(scene: Scene) -> Iterator[Remark]:
    """`stale_forecast`: 预计, 有望, 将, is expected to, will, about a period that had ended two months or
    more before the document's own day.

    Forecasts told as history (此前预计, had expected) and fiscal years are left alone. One remark a
    paragraph and period: the clause that prints a number, if one does.
    """
    own = own_day(scene)
    if own is None:
        return
    kept: dict[tuple[int, str], tuple[bool, Remark]] = {}
    for line in sentences(scene):
        if scene.document.blocks[line.block].kind in ("source", "caption", "heading"):
            continue
        for when, start, end in _stale(scene, line, own.day):
            period = when.period
            assert period is not None
            numbered = any(start <= m.start < end and m.role == "quantity" for m in line.mentions)
            key = (line.block, str(period))
            if key in kept and (kept[key][0] or not numbered):
                continue
            days = (own.day - period.end).days
            kept[key] = (
                numbered,
                remark_at(
                    scene,
                    "stale_forecast",
                    start,
                    end,
                    f"预测的期间{period.words('zh')}止于{period.end.isoformat()}，早于{own.source.zh} {days}天：应改为实际值，或注明预测作出的时间",
                    f"it forecasts {period.words('en')}, which ended on {period.end.isoformat()}, {days} days before "
                    f"{own.source.en}: give the outcome, or say when the forecast was made",
                ),
            )
    yield from (remark for _, remark in kept.values())


def _stale(scene: Scene, line: Line, day: date) -> Iterator[tuple[When, int, int]]:
    """The periods a sentence forecasts though they had ended, each with the clause that says so."""
    text, sentence = scene.text, line.sentence
    body = text[sentence.start : sentence.end]
    if re.search(r"[\u4e00-\u9fff]", body):
        if _BACK.search(body) or _DATED_FORECAST.search(body):
            return
        for cue in _CUE.finditer(text, sentence.start, sentence.end):
            start, end = _clause(scene, line, cue.start())
            whens = [w for w in periods_in(text, start, end) if w.sort == "period" and w.period]
            if any(w.fiscal or not _ended(w, day) for w in whens):
                continue
            when = _bound(text, whens, cue.start(), cue.end())
            if when and _forecast_of(text, when) and not _dated(text, sentence.start, when, cue.start()):
                yield when, start, end
        return
    cue_en = _CUE_EN.search(body)
    if not cue_en or _BACK_EN.search(body) or not any(m.role == "quantity" for m in line.mentions):
        return
    whens = [w for w in periods_in(text, sentence.start, sentence.end) if w.sort == "period" and w.period]
    if not whens or any(w.fiscal or not _ended(w, day) for w in whens):
        return
    at = sentence.start + cue_en.start()
    for w in whens:
        left = text[max(sentence.start, w.start - 40) : w.start]
        if (
            not _dated(text, sentence.start, w, at)
            and not _COMPARED_EN.search(left)
            and not re.match(r"['’]s|\s(?:annual|report|results|base|level)", text[w.end : w.end + 10])
        ):
            yield w, sentence.start, sentence.end
            return


def _dated(text: str, start: int, when: When, cue: int) -> bool:
    """True where the sentence says before its forecast on which day or in which month it was made."""
    if any(True for _ in days_in(text, start, cue)):
        return True
    return any(
        w.start != when.start and w.sort == "period" and w.period and w.period.whole_months == 1
        for w in periods_in(text, start, cue)
    )


def _clause(scene: Scene, line: Line, at: int) -> tuple[int, int]:
    """The clause at an offset; 据…预测，2024年… goes on into the next clause."""
    start, end = line.sentence.clause_at(at)
    if re.search(r"(?:预测|预计|预期)[，,:：]\s?$", scene.text[start:end]) and end < line.sentence.end:
        end = line.sentence.clause_at(end)[1]
    return start, end


def _bound(text: str, whens: list[When], cue: int, after: int) -> When | None:
    """The period a cue speaks of: the one right after it, else the nearest before it in its clause."""
    for w in whens:
        if after <= w.start and w.start - after <= 12:
            return w if not _SAID.search(text[after : w.start]) else None
    before = [w for w in whens if w.end <= cue]
    if not before or _SAID.search(text[before[-1].end : cue]):
        return None
    return before[-1]


def _forecast_of(text: str, when: When) -> bool:
    left, right = text[max(0, when.start - 8) : when.start], text[when.end : when.end + 8]
    return not (
        _COMPARED.search(left)
        or _RANGE_BEFORE.search(left)
        or _RANGE_AFTER.match(right)
        or re.match(r"\s?(?:年?报|年?度?(?:报告|股东|利润分配|分红|权益|计划|审计|的))", right)
    )


def _ended(when: When, day: date) -> bool:
    return when.period is not None and when.period.end + _GRACE <= day


def future_dates(scene: Scene) -> Iterator[Remark]:
    """`future_date`: a realised statement about a day or month that begins after the document's own date.

    Needs the document's exact date. A sentence that expects, plans, starts or ends something says nothing
    realised.
    """
    own = own_day(scene)
    if own is None or not own.exact:
        return
    for line in sentences(scene):
        start, end = line.sentence.start, line.sentence.end
        body = scene.text[start:end]
        if not any(m.role == "quantity" for m in line.mentions):
            continue
        place = _after(scene, line, own)
        if place and not NOT_YET.search(body) and not _FORWARD.search(body) and _REALISED.search(body):
            words = scene.document.text[place[0] : place[1]].strip()
            yield remark_at(
                scene,
                "future_date",
                place[0],
                place[1],
                f"“{words}”晚于{own.source.zh}，却写成已发生",
                f"“{words}” is later than {own.source.en}, yet it is told as having happened",
            )


def _after(scene: Scene, line: Line, own: OwnDay) -> tuple[int, int] | None:
    """Where a sentence prints a day or month that begins after the document's day."""
    for printed in days_in(scene.text, line.sentence.start, line.sentence.end):
        if printed.day and printed.day > own.day:
            return printed.start, printed.end
    for when in line.whens:
        if (
            when.sort == "period"
            and when.period
            and not when.fiscal
            and when.period.whole_months == 1  # a company's quarter may bear a later year's name
            and when.period.start > own.day
        ):
            return when.start, when.end
    return None
