"""This module turns a study and a snapshot into a Report: chapters filled, exhibits numbered, theses judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from waferline.errors import BadInput, NotKnown
from waferline.evidence.snapshot import Snapshot
from waferline.quantity.period import Period
from waferline.quantity.printing import printed
from waferline.quantity.quantity import Leaf, Quantity
from waferline.study.chapters import (
    Chapter,
    ExhibitsSource,
    Filled,
    HeadingSource,
    ParagraphSource,
    Piece,
    Plain,
)
from waferline.study.data_ends import series_behind
from waferline.study.evaluation import evaluate_condition, evaluate_for_text
from waferline.study.exhibits import fill, leaves_of
from waferline.study.report import (
    Block,
    Bound,
    Bullets,
    Cover,
    Ends,
    Exhibit,
    ExhibitRef,
    Heading,
    Lang,
    Paragraph,
    Place,
    Report,
    Run,
    Text,
    ThesisResult,
    Words,
)
from waferline.study.source_lines import all_sources
from waferline.study.sourcing import Cards
from waferline.study.study import Study
from waferline.study.theses import judge
from waferline.study.values import Named, Printed, Scope


@dataclass(frozen=True, slots=True)
class BoundNumber:
    """A number in a chapter: `source[start:end]` of the chapter's file is its expression. A range has `ends`."""

    id: str
    chapter: str
    start: int
    end: int
    text: Words
    quantity: Quantity
    ends: Ends | None = None


@dataclass(frozen=True, slots=True)
class Omitted:
    """A paragraph left out because something in it is not known on the day."""

    chapter: str
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Assembled:
    """A report with what the build's record needs besides."""

    report: Report
    numbers: tuple[BoundNumber, ...]
    omitted: tuple[Omitted, ...]
    leaves: tuple[Leaf, ...]  # every distinct observation used
    quantities: Mapping[str, Quantity]  # what each card explains, by its id
    ends: Mapping[str, Ends]  # of the cards that explain a range


def assemble(study: Study, known: Snapshot, lang: Lang) -> Assembled:
    """The report of one day in one language. Raises BadInput where the study is wrong."""
    writer = _Writer(study, known, lang)
    return writer.write()


def _one_list(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Lists that follow each other become one: items under conditions of their own are written as lists of their own."""
    out: list[Block] = []
    for block in blocks:
        if isinstance(block, Bullets) and out and isinstance(out[-1], Bullets):
            out[-1] = Bullets((*out[-1].items, *block.items))
        else:
            out.append(block)
    return tuple(out)


class _Writer:
    """Fills one report, front to back: numbers, cards and exhibits are counted in the order a reader meets them."""

    def __init__(self, study: Study, known: Snapshot, lang: Lang) -> None:
        self.study, self.known, self.lang = study, known, lang
        self.cards = Cards(known, lang)
        self.exhibits: dict[str, Exhibit] = {}
        self.counts = {"figure": 0, "table": 0}
        self.numbers: list[BoundNumber] = []
        self.omitted: list[Omitted] = []
        self.theses: tuple[ThesisResult, ...] = ()
        self.statuses: tuple[tuple[str, str], ...] = ()

    def write(self) -> Assembled:
        self.theses = tuple(judge(thesis, self.known, self.cards) for thesis in self.study.theses)
        self.statuses = tuple((thesis.id, thesis.status) for thesis in self.theses)
        chapters = {chapter.id: chapter for chapter in self.study.chapters[self.lang]}
        if self.study.cover_exhibit:
            self.exhibit(self.study.cover_exhibit)
        self._number_exhibits(chapters)
        cover_blocks = self.blocks(chapters[self.study.cover_chapter], "") if self.study.cover_chapter else ()
        body: list[Block] = []
        number = 0
        for chapter in self.study.chapters[self.lang]:
            if chapter.id == self.study.cover_chapter or chapter.id in self.study.appendix:
                continue
            if chapter.id not in self.study.unnumbered:
                number += 1
            body.extend(self.blocks(chapter, "" if chapter.id in self.study.unnumbered else str(number)))
        appendix: list[Block] = []
        for identifier in self.study.appendix:
            appendix.extend(self.blocks(chapters[identifier], ""))
        leaves = self._leaves()
        appendix.extend(self._record(leaves))
        zh = self.lang == "zh"
        report = Report(
            lang=self.lang,
            study=self.study.id,
            as_of=self.known.day,
            cover=Cover(
                kicker=self.study.kicker.of(self.lang),
                title=self.study.title.of(self.lang),
                subtitle=self.study.subtitle.of(self.lang),
                rating=self.rating().of(self.lang),
                points=cover_blocks,
                exhibit=self.study.cover_exhibit,
                facts=(
                    (
                        "数据截至" if zh else "Data as of",
                        Period(self.known.day, self.known.day).words(self.lang),
                    ),
                ),
            ),
            blocks=tuple(body),
            appendix=tuple(appendix),
            exhibits=self.exhibits,
            cards=self.cards.cards,
            theses=self.theses,
        )
        return Assembled(
            report,
            tuple(self.numbers),
            tuple(self.omitted),
            leaves,
            self.cards.quantities,
            self.cards.ends,
        )

    def _number_exhibits(self, chapters: Mapping[str, Chapter]) -> None:
        """Exhibits are numbered where they are placed, before any text refers to them."""
        for chapter in chapters.values():
            for block in chapter.blocks:
                if isinstance(block, ExhibitsSource) and self._holds(block.conditions, chapter):
                    for identifier in block.ids:
                        if identifier in self.exhibits:
                            raise BadInput(
                                f"{chapter.file}:{block.line}", "the exhibit is placed a second time",
                                "one place in a report; refer to it with exhibit(…)", identifier,
                            )  # fmt: skip
                        self.exhibit(identifier)

    def exhibit(self, identifier: str) -> Exhibit:
        if identifier not in self.exhibits:
            spec = self.study.exhibits[identifier]
            self.counts[spec.kind] += 1
            self.exhibits[identifier] = fill(spec, self.counts[spec.kind], self.known, self.cards)
        return self.exhibits[identifier]

    def rating(self) -> Words:
        rule = self.study.rating
        statuses = [thesis.status for thesis in self.theses if thesis.rated]
        if statuses.count("broken") >= rule.broken:
            return rule.poor
        if statuses.count("holds") >= rule.holds and "broken" not in statuses:
            return rule.good
        return rule.neutral

    # ---- chapters

    def blocks(self, chapter: Chapter, number: str) -> tuple[Block, ...]:
        found: list[Block] = []
        section = 0
        bullets: list[tuple[Run, ...]] = []
        open_list = 0
        for block in chapter.blocks:
            if bullets and not (isinstance(block, ParagraphSource) and block.bullet == open_list):
                found.append(Bullets(tuple(bullets)))
                bullets = []
            if isinstance(block, HeadingSource):
                try:
                    text = "".join(run.text for run in self._runs(block.pieces, chapter))
                except NotKnown as error:
                    self.omitted.append(Omitted(chapter.file, block.line, str(error)))
                    continue
                section += block.level == 2
                label = (number if block.level == 1 else f"{number}.{section}") if number else ""
                anchor = f"{chapter.id}" if block.level == 1 else f"{chapter.id}-{section}"
                found.append(Heading(block.level, label, text, anchor))
            elif isinstance(block, ExhibitsSource):
                if self._holds(block.conditions, chapter):
                    found.append(Place(block.ids))
            elif self._holds(block.conditions, chapter):
                before = len(self.numbers)
                try:
                    runs = self._runs(block.pieces, chapter)
                except NotKnown as error:
                    del self.numbers[before:]
                    self.omitted.append(Omitted(chapter.file, block.line, str(error)))
                    continue
                if block.bullet:
                    bullets.append(runs)
                    open_list = block.bullet
                else:
                    found.append(Paragraph(runs, block.role))
        if bullets:
            found.append(Bullets(tuple(bullets)))
        return _one_list(found)

    def _holds(self, conditions: Iterable[tuple[str, int]], chapter: Chapter) -> bool:
        return all(
            evaluate_condition(condition, self._scope(f"{chapter.file}:{line}"))
            for condition, line in conditions
        )

    def _scope(self, where: str) -> Scope:
        return Scope(
            self.known,
            where,
            theses=self.statuses,  # type: ignore[arg-type]
            rating=self.rating(),
            rating_rule=self.study.rating.text,
        )

    def _runs(self, pieces: Iterable[Piece], chapter: Chapter) -> tuple[Run, ...]:
        runs: list[Run] = []
        pieces = tuple(pieces)
        # All values first: a paragraph with an unknown leaves no half-made cards behind.
        values = [
            None if isinstance(piece, Plain) or piece.slot.exhibit
            else evaluate_for_text(piece.slot.expression, self._scope(piece.slot.where))
            for piece in pieces
        ]  # fmt: skip
        for piece, value in zip(pieces, values, strict=True):
            if isinstance(piece, Plain):
                runs.append(Text(piece.text, piece.strong))
            elif piece.slot.exhibit:
                exhibit = self.exhibit(piece.slot.exhibit)
                runs.append(ExhibitRef(exhibit.id, exhibit.label(self.lang)))
            elif isinstance(value, Named):
                runs.append(Text(value.text.of(self.lang), piece.strong))
            elif isinstance(value, Period):
                runs.append(Bound(value.words(self.lang), "", piece.strong))
            elif isinstance(value, Printed):
                runs.append(self._bound(piece, value, chapter))
            elif isinstance(value, Quantity):
                words = Words(printed(value, "zh"), printed(value, "en"))
                runs.append(self._bound(piece, Printed(words, value), chapter))
        return tuple(runs)

    def _bound(self, piece: Filled, number: Printed, chapter: Chapter) -> Bound:
        shown = number.text.of(self.lang)
        card = self.cards.add(number.quantity, shown, number.ends)
        self.numbers.append(
            BoundNumber(
                f"{chapter.lang}-{len(self.numbers) + 1}",
                chapter.file,
                piece.slot.start,
                piece.slot.end,
                number.text,
                number.quantity,
                number.ends,
            )
        )
        return Bound(shown, card, piece.strong)

    # ---- the appendix that every report carries

    def _leaves(self) -> tuple[Leaf, ...]:
        found: dict[Leaf, None] = {}
        for exhibit in self.exhibits.values():
            found.update(dict.fromkeys(leaves_of(exhibit)))
        for quantity in self.cards.quantities.values():
            found.update(dict.fromkeys(quantity.leaves()))
        return tuple(found)

    def _record(self, leaves: tuple[Leaf, ...]) -> list[Block]:
        """How far the report's evidence is dated, and what it left out."""
        zh = self.lang == "zh"
        total = len(leaves)
        assumed = sum(leaf.basis == "assumed" for leaf in leaves)
        weak = sum(self.known.sources[leaf.source].tier == "weak" for leaf in leaves)
        backfilled = sum(leaf.backfilled for leaf in leaves)
        holes = [exhibit for exhibit in self.exhibits.values() if exhibit.status == "hole"]
        blocks: list[Block] = [
            Heading(2, "", "数据可得性" if zh else "Availability of the evidence", "availability")
        ]
        share = f"{100 * assumed / total:.1f}%" if total else "—"
        blocks.append(
            Paragraph(
                (
                    Text(
                        f"本报告共使用 {total} 个观测值，其中 {assumed} 个（{share}）的可知日为假定（期末加申报时滞），"
                        f"{weak} 个来自弱来源，{backfilled} 个为回填。"
                        if zh
                        else f"The report rests on {total} observations; for {assumed} of them ({share}) the day they "
                        f"became known is assumed (period end plus a declared lag), {weak} come from weak sources, "
                        f"{backfilled} are backfilled."
                    ),
                )
            )
        )
        if ended := series_behind(leaves, self.known):
            blocks.append(
                Paragraph(
                    (
                        Text(
                            "以下序列在证据中止于报告日之前较久，其后各期未收录，正文与主线状态只说明到该期为止："
                            if zh
                            else "These series end well before the day of the report. Later periods are not in its "
                            "evidence, and the text and the theses speak only up to the period given:"
                        ),
                    )
                )
            )
            blocks.append(
                Bullets(
                    tuple(
                        (
                            Text(
                                f"{at.words('zh')}：{'、'.join(self.known.series[name].name_zh for name in names)}"
                                if zh
                                else f"{at.words('en')}: {'; '.join(self.known.series[name].name_en for name in names)}"
                            ),
                        )
                        for at, names in ended
                    )
                )
            )
        if holes:
            labels = ("、" if zh else ", ").join(
                f"{e.label(self.lang)} {e.title.of(self.lang)}" for e in holes
            )
            blocks.append(
                Paragraph(
                    (
                        Text(
                            (
                                "截至该日没有足够数据的图表："
                                if zh
                                else "Exhibits without enough data on the day: "
                            )
                            + labels
                        ),
                    )
                )
            )
        if self.omitted:
            blocks.append(Heading(2, "", "未能成文的段落" if zh else "Paragraphs left out", "omitted"))
            blocks.append(
                Bullets(
                    tuple((Text(f"{entry.chapter}:{entry.line}: {entry.why}"),) for entry in self.omitted)
                )
            )
        blocks.append(Heading(2, "", "全部来源" if zh else "All sources", "sources"))
        blocks.append(all_sources(leaves, self.exhibits, self.known, self.lang))
        return blocks
