"""This module reads `exhibits/ID.toml` and checks it: an exhibit is expressions over rows, before any evidence is seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from waferline.errors import BadInput
from waferline.evidence.files import IDENTIFIER, line_of, read_text, read_toml
from waferline.quantity.units import Unit, unit
from waferline.study.hand_typed import hand_typed
from waferline.study.report import Chart, Mark, Words

CHARTS: tuple[str, ...] = get_args(Chart)
MARKS: tuple[str, ...] = get_args(Mark)


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One expression, evaluated in every row. `unit` None makes a column of text (names, periods, dates)."""

    key: str
    name: Words
    mark: Mark
    axis: str
    expr: str
    unit: Unit | None
    places: int | None
    group: str
    optional: bool  # an absence is no hole
    backfill: bool  # may draw what became known only later, marked 回填
    where: str


@dataclass(frozen=True, slots=True)
class Item:
    """A row written out: its label and the variables its expressions may use."""

    label: Words
    variables: tuple[tuple[str, str], ...]
    group: str
    note: Words | None
    when: str
    where: str


@dataclass(frozen=True, slots=True)
class RowsSpec:
    """Where the rows come from: exactly one of the five is set."""

    periods: str = ""  # an expression giving a list of periods; the row's variable is p
    items: tuple[Item, ...] = ()
    estimates: str = (
        ""  # a series glob; each known row of `period` is a row, its variables o, series and house
    )
    period: str = ""  # expression, for estimates
    all_vintages: bool = False
    editions: tuple[tuple[str, Words], ...] = ()  # how an edition is named where it tells two estimates apart
    values: str = ""  # an expression giving a list of quantities; the row's variables are x and i
    subjects: str = ""  # a series with subjects; the row's variables are subject and p
    start: str = ""
    # "largest" puts the largest value of the first column first, "records" keeps, in order of time, only the rows
    # that exceed all before them; "" keeps the order
    order: str = ""
    limit: int = 0
    forecast_after: str = ""  # expression giving a period: rows after it are forecasts on their face
    where: str = ""


@dataclass(frozen=True, slots=True)
class BandSpec:
    start: str
    end: str
    label: Words
    when: str


@dataclass(frozen=True, slots=True)
class FitSpec:
    expr: str
    label: Words
    column: str


@dataclass(frozen=True, slots=True)
class ExhibitSpec:
    """An exhibit as written."""

    id: str
    kind: str
    title: Words
    chart: Chart
    columns: tuple[ColumnSpec, ...]
    rows: RowsSpec
    row_header: Words
    left: Words | None
    right: Words | None
    left_log: bool
    bands: tuple[BandSpec, ...]
    fit: FitSpec | None
    notes: tuple[Words, ...]
    hole: Words | None
    made_by: str  # "" read, "computed" 测算, "drawn" 绘制
    groups: tuple[tuple[str, Words], ...]  # how the groups of the rows are named
    where: str


_KEYS = {
    "title", "chart", "columns", "rows", "row_header", "left", "right", "left_log", "bands", "fit", "notes", "hole",
    "made_by", "groups",
}  # fmt: skip
_COLUMN_KEYS = {"key", "name", "mark", "axis", "expr", "unit", "places", "group", "optional", "backfill"}
_ROW_KEYS = {
    "periods", "items", "estimates", "period", "all_vintages", "values", "subjects", "start", "order", "limit", "forecast_after",
    "editions",
}  # fmt: skip


def load_exhibit(root: Path, identifier: str, names: tuple[str, ...]) -> ExhibitSpec:
    """The exhibit of `exhibits/ID.toml`. Raises BadInput at file:line for anything missing, unknown or typed by hand."""
    if not IDENTIFIER.fullmatch(identifier):
        raise BadInput("exhibits", "not an exhibit id", "small letters, digits and -", repr(identifier))
    return _Reader(root, f"exhibits/{identifier}.toml", names).exhibit(identifier)


class _Reader:
    def __init__(self, root: Path, file: str, names: tuple[str, ...]) -> None:
        self.file, self.names = file, names
        self.table = read_toml(root, file)
        self.source = read_text(root, file)

    def at(self, needle: str) -> str:
        return f"{self.file}:{line_of(self.source, needle)}"

    def exhibit(self, identifier: str) -> ExhibitSpec:
        table = self.table
        self.known_keys(table, _KEYS, identifier)
        chart = self.choice(table, "chart", CHARTS)
        columns = tuple(self.column(entry) for entry in self.tables(table, "columns"))
        keys = [column.key for column in columns]
        if len(set(keys)) != len(keys):
            raise BadInput(self.file, "two columns have one key", found=", ".join(keys))
        if not columns and "hole" not in table:
            raise BadInput(self.file, "the exhibit has no columns", "[[columns]] or a hole that says why")
        fit = table.get("fit")
        return ExhibitSpec(
            id=identifier,
            kind="table" if identifier.startswith("tab") else "figure",
            title=self.words(table, "title"),
            chart=chart,  # type: ignore[arg-type]
            columns=columns,
            rows=self.rows(table.get("rows", {})),
            row_header=self.optional_words(table, "row_header") or Words("时间", "Period"),
            left=self.optional_words(table, "left"),
            right=self.optional_words(table, "right"),
            left_log=self.flag(table, "left_log"),
            bands=tuple(self.band(entry) for entry in self.tables(table, "bands")),
            fit=FitSpec(self.text(fit, "expr"), self.words(fit, "label"), self.text(fit, "column"))
            if fit
            else None,
            notes=tuple(self.checked(self.as_words(entry, "notes")) for entry in self.tables(table, "notes")),
            hole=self.optional_words(table, "hole"),
            made_by=self.choice(table, "made_by", ("", "computed", "drawn"), ""),
            groups=self.named(table.get("groups", {}), "groups"),
            where=self.file,
        )

    def column(self, table: Mapping[str, Any]) -> ColumnSpec:
        self.known_keys(table, _COLUMN_KEYS, "columns")
        key = self.text(table, "key")
        expr = self.text(table, "expr")
        where = self.at(expr[:60].splitlines()[0] if expr else key)
        unit_name = table.get("unit")
        if unit_name is not None and not isinstance(unit_name, str):
            raise BadInput(where, "unit is a string", 'unit = "USD bn"', repr(unit_name))
        try:
            column_unit = unit(unit_name) if unit_name else None
        except BadInput as error:
            raise BadInput(
                self.at(f'"{unit_name}"'), error.what, error.expected, error.found, error.fix
            ) from error
        places = table.get("places")
        if places is not None and (type(places) is not int or not 0 <= places <= 6):
            raise BadInput(where, "places is a whole number", "0 to 6", repr(places))
        return ColumnSpec(
            key=key,
            name=self.words(table, "name"),
            mark=self.choice(table, "mark", MARKS, "bar" if column_unit else "text"),  # type: ignore[arg-type]
            axis=self.choice(table, "axis", ("left", "right"), "left"),
            expr=expr,
            unit=column_unit,
            places=places,
            group=str(table.get("group", "")),
            optional=self.flag(table, "optional"),
            backfill=self.flag(table, "backfill"),
            where=where,
        )

    def rows(self, table: Mapping[str, Any]) -> RowsSpec:
        if not isinstance(table, dict):
            raise BadInput(
                self.file, "rows is a table", "[rows] with periods, items, estimates, values or subjects"
            )
        self.known_keys(table, _ROW_KEYS, "rows")
        kinds = [kind for kind in ("periods", "items", "estimates", "values", "subjects") if table.get(kind)]
        if len(kinds) > 1 or (not kinds and self.table.get("columns")):
            raise BadInput(
                self.at("[rows]"), "rows come from one place", "one of periods, items, estimates, values, subjects",
                ", ".join(kinds) or "none",
            )  # fmt: skip
        return RowsSpec(
            periods=str(table.get("periods", "")),
            items=tuple(self.item(entry) for entry in self.tables(table, "items")),
            estimates=str(table.get("estimates", "")),
            period=str(table.get("period", "")),
            all_vintages=self.flag(table, "all_vintages"),
            editions=self.named(table.get("editions", {}), "editions"),
            values=str(table.get("values", "")),
            subjects=str(table.get("subjects", "")),
            start=str(table.get("start", "")),
            order=self.choice(table, "order", ("", "largest", "records"), ""),
            limit=self.limit(table),
            forecast_after=str(table.get("forecast_after", "")),
            where=self.at("[rows]"),
        )

    def named(self, table: Any, key: str) -> tuple[tuple[str, Words], ...]:
        if not isinstance(table, dict):
            raise BadInput(
                self.at(key), f"{key} names {key} in both languages",
                '"upper case" = { zh = "…", en = "…" }', repr(table)[:60],
            )  # fmt: skip
        return tuple((name, self.words(table, name)) for name in table)

    def item(self, table: Mapping[str, Any]) -> Item:
        label = self.words(table, "label")
        special = {"label", "group", "note", "when"}
        variables = {key: value for key, value in table.items() if key not in special}
        for key, value in variables.items():
            if not isinstance(value, str):
                raise BadInput(self.at(key), f"{key} of a row is a string", found=repr(value))
        return Item(
            label=label,
            variables=tuple(variables.items()),
            group=str(table.get("group", "")),
            note=self.optional_words(table, "note"),
            when=str(table.get("when", "")),
            where=self.at(label.zh),
        )

    def band(self, table: Mapping[str, Any]) -> BandSpec:
        self.known_keys(table, {"start", "end", "label", "when"}, "bands")
        return BandSpec(
            self.text(table, "start"), self.text(table, "end"), self.words(table, "label"),
            str(table.get("when", "")),
        )  # fmt: skip

    # ---- fields

    def known_keys(self, table: Mapping[str, Any], keys: set[str], of: str) -> None:
        for key in table:
            if key not in keys:
                raise BadInput(self.at(key), f"unknown key of {of}", ", ".join(sorted(keys)), key)

    def text(self, table: Mapping[str, Any], key: str) -> str:
        value = table.get(key) if isinstance(table, dict) else None
        if not isinstance(value, str) or not value.strip():
            raise BadInput(self.file, f"{key} is missing", f'{key} = "…"', repr(value))
        return value.strip()

    def flag(self, table: Mapping[str, Any], key: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            raise BadInput(self.at(key), f"{key} is true or false", found=repr(value))
        return value

    def limit(self, table: Mapping[str, Any]) -> int:
        value = table.get("limit", 0)
        if type(value) is not int or value < 0:
            raise BadInput(self.at("limit"), "limit is a whole number", "0 (all rows) or more", repr(value))
        return value

    def tables(self, table: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            raise BadInput(self.at(key), f"{key} is a list of tables", f"[[{key}]]")
        return value

    def choice(
        self, table: Mapping[str, Any], key: str, options: tuple[str, ...], default: str | None = None
    ) -> str:
        value = table.get(key, default)
        if value not in options:
            raise BadInput(self.at(key), f"unknown {key}", ", ".join(filter(None, options)), repr(value))
        return str(value)

    def as_words(self, value: Any, key: str) -> Words:
        if (
            not isinstance(value, dict)
            or set(value) != {"zh", "en"}
            or not all(isinstance(v, str) for v in value.values())
        ):
            raise BadInput(
                self.at(key),
                f"{key} has both languages",
                f'{key} = {{ zh = "…", en = "…" }}',
                repr(value)[:60],
            )
        return Words(value["zh"], value["en"])

    def words(self, table: Mapping[str, Any], key: str) -> Words:
        return self.checked(self.as_words(table.get(key), key))

    def optional_words(self, table: Mapping[str, Any], key: str) -> Words | None:
        return self.words(table, key) if key in table else None

    def checked(self, words: Words) -> Words:
        """Titles, captions and notes may not carry a number typed by hand either."""
        for text in (words.zh, words.en):
            for found in hand_typed(text, self.names):
                raise BadInput(
                    self.at(text), "a number typed by hand", "an expression, a date or a name of names.toml",
                    repr(found.raw),
                )  # fmt: skip
        return words
