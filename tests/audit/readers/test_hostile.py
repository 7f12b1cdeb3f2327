"""What a hostile or broken file gets: one line, soon, and no traceback."""

import io
import os
import zipfile

import pytest
from audit import rendering
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from waferline.audit.readers import read, read_bytes
from waferline.errors import BadInput

PARTS = [
    "Sales were 627.6 in 2024.",
    [["a", "2024", "2023"], ["Sales", "627.6", "526.8"], ["Costs", "1.5", "1.4"]],
]


def zipped(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return target.getvalue()


def refused(data: bytes, name: str) -> str:
    with pytest.raises(BadInput) as caught:
        read_bytes(data, name)
    line = str(caught.value)
    assert "\n" not in line
    assert len(line) < 400
    return line


def test_a_bomb_is_refused_before_it_is_unpacked():
    line = refused(zipped(word__document_xml=b" " * 50_000_000), "a.docx")

    assert "unpacks to too much" in line


def test_an_archive_of_endless_parts_is_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number in range(20_001):
            archive.writestr(f"{number}.xml", "")

    assert "too many parts" in refused(target.getvalue(), "a.xlsx")


def test_an_archive_whose_list_points_before_its_begin_is_refused():
    data = bytearray(zipped(word__document_xml=b"<w/>"))
    place = data.rindex(b"PK\x05\x06") + 16  # where the list of parts begins
    data[place : place + 4] = (10**6).to_bytes(4, "little")

    assert "damaged" in refused(bytes(data), "a.docx")


@pytest.mark.parametrize("name", ["word__document_xml", "xl__workbook_xml", "ppt__presentation_xml"])
def test_entities_are_refused(name):
    data = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]><w>&a;</w>'

    assert "declares" in refused(zipped(**{name: data}), "a.docx")


def test_endless_nesting_is_refused():
    data = b"<w>" * 100_000 + b"</w>" * 100_000

    assert "nested too deeply" in refused(zipped(word__document_xml=data), "a.docx")


def test_an_endlessly_nested_page_is_refused():
    assert "nested too deeply" in refused(b"<div>" * 100_000 + b"Sales rose 5%.", "a.html")


def test_a_deep_page_is_read_whole():
    page = b"<div>" * 300 + b"<p>Sales rose 5%.</p>" + b"</div>" * 300 + b"<p>Costs fell 3%.</p>"

    assert read_bytes(page, "a.html").text == "Sales rose 5%.\n\nCosts fell 3%."


def test_a_table_with_endless_spans_stays_small():
    page = b"<table>" + (b"<tr>" + b"<td colspan=1000 rowspan=1000>1" * 50) * 100 + b"</table>"

    assert len(read_bytes(page, "a.html").text) < 1_000_000


def test_scripts_styles_and_hidden_parts_of_a_page_are_left_out():
    page = b"""<html><head><title>T</title><style>p{width:10%}</style></head><body><script>var x = "5%";</script>
    <p>Sales rose <b>5%</b>.<span style="display: none">9%</span></p><p hidden>8%</p><noscript>7%</noscript></body>"""

    assert read_bytes(page, "a.html").text == "Sales rose 5%."


def test_an_encrypted_office_file_is_named_so():
    assert "encrypted" in refused(b"\xd0\xcf\x11\xe0" + b"\0" * 600, "a.docx")


def test_an_encrypted_pdf_is_named_so(tmp_path):
    import pikepdf

    plain, locked = tmp_path / "plain.pdf", tmp_path / "locked.pdf"
    plain.write_bytes(rendering.pdf(PARTS, tmp=str(tmp_path)))
    with pikepdf.open(plain) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(user="x", owner="y"))

    assert "encrypted" in refused(locked.read_bytes(), "a.pdf")


def test_a_pdf_of_ten_thousand_pages_is_refused():
    import pikepdf

    target = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        page = pdf.pages[0]
        pdf.pages.extend([page] * 9_999)
        pdf.save(target)

    assert "too many pages: expected at most 2000, found 10000" in refused(target.getvalue(), "a.pdf")


def test_a_page_without_text_is_named():
    import pikepdf

    target = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(target)

    assert read_bytes(target.getvalue(), "a.pdf").notes == (
        "page 1 has no text layer (scanned?); not audited",
    )


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7\nnothing", "a.pdf"),
        (b"", "a.pdf"),
        (b"PK\x03\x04nothing", "a.docx"),
        (zipped(a_xml=b"<a/>"), "a.zip"),
        (os.urandom(4000), "a.txt"),
        (b"\0" * 5000, "a.txt"),
    ],
)
def test_what_is_no_document_is_refused(data, name):
    refused(data, name)


@pytest.mark.parametrize(
    ("encoding", "note"),
    [("utf-8", ()), ("utf-8-sig", ()), ("utf-16", ("read as UTF-16",)), ("gb18030", ("read as GB 18030",))],
)
def test_encodings_are_found_and_named(encoding, note):
    document = read_bytes("2024年全球销售额为6276亿美元，同比增长19.1%。".encode(encoding), "a.txt")

    assert document.text == "2024年全球销售额为6276亿美元，同比增长19.1%。"
    assert document.notes == note


def test_stray_bytes_and_nuls_are_named():
    document = read_bytes(b"Sales rose 5%\x00 in 2024, caf\xff said. " + b"word " * 50, "a.txt")

    assert document.text.startswith("Sales rose 5%  in 2024, caf\ufffd said.")
    assert len(document.notes) == 2


def test_devices_and_folders_are_refused(tmp_path):
    for path in (tmp_path, tmp_path / "link"):
        if path.name == "link":
            path.symlink_to("/dev/zero")
        with pytest.raises(BadInput, match="not a regular file"):
            read(path)


def seeds(tmp) -> list[tuple[str, bytes]]:
    tables = [part for part in PARTS if isinstance(part, list)]
    return [
        ("a.pdf", rendering.pdf(PARTS, tmp=str(tmp))),
        ("a.docx", rendering.docx(PARTS)),
        ("a.html", rendering.html_page(PARTS)),
        ("a.xlsx", rendering.xlsx(tables)),
        ("a.pptx", rendering.pptx(PARTS)),
    ]


@pytest.fixture(scope="module")
def valid(tmp_path_factory):
    return seeds(tmp_path_factory.mktemp("seeds"))


@settings(max_examples=150, deadline=5000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    which=st.integers(0, 4),
    places=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=30),
    keep=st.floats(0.05, 1),
)
def test_a_damaged_file_is_read_or_refused(valid, which, places, keep):
    name, data = valid[which]
    damaged = bytearray(data)
    for place, byte in places:
        damaged[int(place * (len(damaged) - 1))] = byte

    check(bytes(damaged[: int(len(damaged) * keep)]), name)


@settings(max_examples=150, deadline=5000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    which=st.integers(1, 4),
    part=st.integers(0, 100),
    places=st.lists(
        st.tuples(st.floats(0, 1), st.sampled_from([b"<", b">", b'"', b"9", b"-1", b"A", b"\xff"])),
        max_size=8,
    ),
)
def test_a_package_with_damaged_parts_is_read_or_refused(valid, which, part, places):
    name, data = valid[which]
    if name == "a.html":
        check(data, name)
        return
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        names = [n for n in old.namelist() if n.endswith((".xml", ".rels"))]
        hit = names[part % len(names)]
        for entry in old.namelist():
            content = bytearray(old.read(entry))
            if entry == hit and content:
                for place, piece in places:
                    at = int(place * (len(content) - 1))
                    content[at : at + len(piece)] = piece
            new.writestr(entry, bytes(content))

    check(target.getvalue(), name)


def check(data: bytes, name: str) -> None:
    """Read or refused; what is read is a document that keeps its promises."""
    try:
        document = read_bytes(data, name)
    except BadInput:
        return
    document.text.encode()
    end = 0
    for block in document.blocks:
        assert end <= block.start < block.end <= len(document.text)
        end = block.end
        for cell in block.cells:
            assert block.start <= cell.start < cell.end <= block.end
            assert "\n" not in document.piece(cell)
