"""This module fills an exhibit: the expressions of its columns, evaluated in each of its rows on one snapshot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from waferline.errors import BadInput, NotKnown
from waferline.evidence.snapshot import Snapshot
from waferline.quantity.period import Period
from waferline.quantity.printing import number_text, places_in, qualifier_text
from waferline.quantity.quantity import Leaf, Quantity
from waferline.quantity.units import Unit
from waferline.study.data_ends import ends_note
from waferline.study.evaluation import evaluate
from waferline.study.exhibit_faces import alt, axis, bands, computed_notes, fit
from waferline.study.exhibit_files import ColumnSpec, ExhibitSpec
from waferline.study.exhibit_rows import Line, lines_of
from waferline.study.report import (
    LANGS,
    Cell,
    Chart,
    Column,
    Exhibit,
    Lang,
    Row,
    SourceEntry,
    Status,
    Words,
)
from waferline.study.source_lines import source_line, source_list
from waferline.study.sourcing import Cards, model_inputs
from waferline.study.values import Named, Printed, Scope

_EMPTY = Words("—", "—")
_OWN_WORDS = ("the model's default", "the user", "evidence")


def fill(spec: ExhibitSpec, number: int, known: Snapshot, cards: Cards | None) -> Exhibit:
    """The exhibit as known on the snapshot's day; `cards` gives table cells their cards.

    Its status is computed: shown when every expected cell has a value, partial when at least half have, else hole.
    Raises BadInput where an expression is wrong, never because something is not known.
    """
    rows: list[Row] = []
    found_in: dict[int, tuple[Leaf, ...]] = {}
    for line in lines_of(spec, known):
        cells: list[Cell] = []
        used: list[Leaf] = []
        for column in spec.columns:
            cell, found = _cell(column, line, known, spec.chart)
            cells.append(cell)
            used.extend(found)
        # A realised year beside its old guidance is no forecast year.
        known_cells = [cell for cell in cells if cell.quantity]
        forecast = line.forecast or (bool(known_cells) and all(cell.forecast for cell in known_cells))
        row = Row(line.label, tuple(cells), line.period, forecast, line.group, line.note, x=line.x)
        rows.append(row)
        found_in[id(row)] = tuple(used)
    if spec.rows.order == "largest":
        first = next((i for i, column in enumerate(spec.columns) if column.unit is not None), 0)
        rows.sort(key=lambda row: _descending(row.cells[first]))
    if spec.rows.order == "records":
        rows = _records(rows, spec)
    if spec.rows.limit:
        rows = rows[: spec.rows.limit]
    kept = [found_in[id(row)] for row in rows]
    if cards and spec.chart in ("table", "heatmap", "chain", "lanes"):
        # Only now: a row cut by the limit explains nothing and uses up no card.
        rows = [replace(row, cells=tuple(_with_card(cell, cards) for cell in row.cells)) for row in rows]
    leaves = dict.fromkeys(leaf for used_in_row in kept for leaf in used_in_row)
    expected = [
        (row, column, cell)
        for row in rows
        for column, cell in zip(spec.columns, row.cells, strict=True)
        if column.unit is not None and not column.optional
    ]
    missing = [
        Words(f"{row.label.zh} {column.name.zh}", f"{row.label.en} {column.name.en}")
        for row, column, cell in expected
        if cell.quantity is None
    ]
    present = len(expected) - len(missing)
    # Where no number is expected, as among names or in boxes that only some numbers go into, the rows decide.
    wanted = any(column.unit is not None and not column.optional for column in spec.columns)
    status = _status(len(expected), present) if wanted else ("shown" if rows else "hole")
    if spec.hole is not None and not spec.columns:
        status = "hole"
    fitted = fit(spec, known)
    leaves.update(dict.fromkeys(fitted.quantity.leaves() if fitted else ()))
    periods = [row.period for row in rows if row.period and any(cell.quantity for cell in row.cells)]
    shaded = tuple(bands(spec.bands, spec, known, max(periods, default=None)))
    told = tuple(dict.fromkeys(source for band in shaded for source in band.sources))
    exhibit = Exhibit(
        id=spec.id,
        kind="table" if spec.kind == "table" else "figure",
        number=number,
        title=spec.title,
        chart=spec.chart,
        columns=tuple(
            Column(c.key, c.name, c.mark, "right" if c.axis == "right" else "left", c.unit, c.places, c.group)
            for c in spec.columns
        ),
        rows=tuple(rows),
        row_header=spec.row_header,
        left=axis(spec, "left"),
        right=axis(spec, "right"),
        source_line=source_line(leaves, known, spec.made_by, told),
        notes=(*spec.notes, *ends_note(spec, rows, known), *computed_notes(leaves)),
        alt=_EMPTY,
        status=status,
        points=present,
        missing=tuple(missing),
        sources=tuple(dict.fromkeys((*(leaf.source for leaf in leaves), *told))),
        source_list=(*source_list(leaves, known, told), *_model_sources(rows)),
        first=min(periods, default=None),
        last=max(periods, default=None),
        bands=shaded,
        fit=fitted,
        hole=spec.hole if status == "hole" else None,
        groups=spec.groups,
    )
    return replace(exhibit, alt=alt(exhibit))


def _model_sources(rows: Iterable[Row]) -> tuple[SourceEntry, ...]:
    """Who says so of each input of the models behind an exhibit, with the address where there is one."""
    told = dict.fromkeys(
        (each.source, each.url)
        for row in rows
        for cell in row.cells
        for quantity in (cell.ends or (cell.quantity,))
        if quantity is not None
        for each in model_inputs(quantity)
    )
    return tuple(SourceEntry(Words(source, source), url) for source, url in told if source not in _OWN_WORDS)


def leaves_of(exhibit: Exhibit) -> tuple[Leaf, ...]:
    """The distinct observations an exhibit rests on."""
    found = dict.fromkeys(
        leaf for row in exhibit.rows for cell in row.cells if cell.quantity for leaf in cell.quantity.leaves()
    )
    found.update(dict.fromkeys(exhibit.fit.quantity.leaves() if exhibit.fit else ()))
    return tuple(found)


def _records(rows: list[Row], spec: ExhibitSpec) -> list[Row]:
    """The rows, by day, whose value in the first numeric column exceeds that of every row before."""
    first = next((i for i, column in enumerate(spec.columns) if column.unit is not None), None)
    if first is None or any(row.period is None for row in rows):
        raise BadInput(
            spec.rows.where, "records need days and numbers", "subjects or periods, and a column with a unit"
        )
    kept: list[Row] = []
    highest = float("-inf")
    for row in sorted(
        rows, key=lambda row: (row.period.start if row.period else date.min, _descending(row.cells[first]))
    ):
        value = row.cells[first].value
        if value is not None and value > highest:
            highest = value
            kept.append(row)
    return kept


def _descending(cell: Cell) -> float:
    """Sorts the largest first and gaps last."""
    return -cell.value if cell.value is not None else float("inf")


def _status(expected: int, present: int) -> Status:
    if present and present == expected:
        return "shown"
    return "partial" if present and 2 * present >= expected else "hole"


# ---- cells


def _with_card(cell: Cell, cards: Cards) -> Cell:
    """The cell with the card of its number; names and gaps have none."""
    if cell.quantity is None or (cell.value is None and cell.ends is None):
        return cell
    return replace(cell, card=cards.add(cell.quantity, cell.text.of(cards.lang), cell.ends))


def _cell(column: ColumnSpec, line: Line, known: Snapshot, chart: Chart) -> tuple[Cell, tuple[Leaf, ...]]:
    scope = Scope(known, column.where, line.variables, backfill=column.backfill)
    if column.unit is None:
        return _text_cell(column, scope)
    try:
        value = evaluate(column.expr, scope)
    except NotKnown:
        return Cell(_EMPTY), ()
    quantity = value.quantity if isinstance(value, Printed) else value
    ends = value.ends if isinstance(value, Printed) else None
    if ends and chart not in ("table", "chain", "lanes"):
        raise BadInput(
            column.where, "a range has no one value to draw", "a table, or a column for each end",
            fix='chart = "ranges" with columns marked low and high',
        )  # fmt: skip
    if not isinstance(quantity, Quantity):
        raise BadInput(
            column.where, "a column with a unit holds quantities", "level(…)", type(value).__name__
        )
    try:
        shown = quantity.to(column.unit)
    except BadInput as error:
        raise BadInput(
            column.where, "the column and its values have different units", str(column.unit), str(quantity.unit),
            f'unit = "{quantity.unit}"',
        ) from error  # fmt: skip
    places = column.places if column.places is not None else None
    sign = column.mark == "text"
    text = (
        _without_unit(value.text, column.unit)
        if isinstance(value, Printed)
        else Words(*(_number(quantity, column.unit, places, lang, sign=sign) for lang in LANGS))
    )
    leaves = quantity.leaves()
    cell = Cell(
        text=text,
        quantity=quantity,
        value=None if ends else float(shown.value),
        forecast=quantity.is_forecast,
        backfilled=any(leaf.backfilled for leaf in leaves),
        ends=ends,
    )
    return cell, leaves


def _number(quantity: Quantity, measure: Unit, places: int | None, lang: Lang, *, sign: bool) -> str:
    """The number of a cell whose unit stands in its head, with the sign for the word it was printed with."""
    text = number_text(quantity, lang, unit=measure, places=places, sign=sign)
    return qualifier_text(quantity, lang, shown=measure, places=places_in(text), cell=True) + text


def _without_unit(text: Words, measure: Unit) -> Words:
    """What an expression printed, less the unit that the column's head already gives."""
    return Words(
        text.zh.removesuffix(measure.zh or measure.name).strip(),
        text.en.removesuffix(measure.en or measure.name).strip(),
    )


def _text_cell(column: ColumnSpec, scope: Scope) -> tuple[Cell, tuple[Leaf, ...]]:
    try:
        value = evaluate(column.expr, scope)
    except NotKnown:
        return Cell(_EMPTY), ()
    if isinstance(value, Named):
        return Cell(value.text), ()
    if isinstance(value, Period):
        return Cell(Words(value.words("zh"), value.words("en"))), ()
    if isinstance(value, Printed):
        return Cell(value.text, value.quantity), value.quantity.leaves()
    raise BadInput(column.where, "a column without a unit holds names and dates", found=type(value).__name__)
