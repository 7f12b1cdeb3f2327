"""The audit by the clock: reading a PDF, finding numbers, whole documents, processes and memory.

    python benchmarks/audit.py            # prints the tables; --write puts them into docs/benchmarks.md

The documents are the labelled ones of the tests. The PDF is made of the same texts, long enough for 35 pages. What is
compared is measured in one run: reading against a bare text dump of the same file, numbers against quantulum3 on the
same texts. quantulum3 needs its own environment; name its Python with --quantulum (without, that row is left out).
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from page import machine, write_section

from waferline.audit import audit_document, audit_text
from waferline.audit.mentions import mentions_of
from waferline.audit.readers import read
from waferline.audit.spelling import spelled

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "tests" / "data" / "audit" / "docs"
PAGES = 35
RELEASE = 3000  # bytes of a press release, at least
# What a release says between its figures. Four that were read for this (PRI Automation, 23 July 1996; Prime Medical
# Services, 28 October 1997; SIA on July 2016 and on September 2023) print a number every 77 to 102 bytes; the labelled
# texts, which were written for their numbers, every 26. One paragraph of these after each text gives about as many.
TALK = {
    "en": (
        "“Our teams kept their promises to customers in every region, and the plants ran without a stop,” said the "
        "chief executive. “We go on investing where demand is strongest, we keep an eye on costs, and we believe that "
        "the products now in qualification will carry the business well beyond the present cycle.”",
        "The company designs, makes and services tools for the production of chips. Its customers are foundries and "
        "makers of memory around the world. Statements about the future rest on what the management knows and assumes "
        "today; orders, exchange rates and rules of trade may turn out otherwise, and the company does not undertake "
        "to update them.",
    ),
    "zh": (
        "公司负责人表示，各地团队按时完成了客户的交付，生产线运行平稳。面对复杂多变的外部环境，公司将继续把资源投向需求最旺盛的方向，"
        "严格控制成本，加快新产品的验证与导入，争取在下一轮景气周期中占据更有利的位置。",
        "公司主要从事芯片制造设备的研发、生产与服务，客户遍及全球主要的晶圆代工厂和存储器厂商。本新闻稿中的前瞻性陈述基于管理层目前掌握的"
        "信息与假设，实际结果可能因订单、汇率及贸易政策的变化而有所不同，公司不承担更新的义务。",
    ),
}
MANY, FEW = 10_000, 1_000

_QUANTULUM = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
from quantulum3 import parser
texts = json.load(sys.stdin)
parser.parse("Sales rose 19.1% to $627.6 billion.")
began = time.process_time()
found = sum(len(parser.parse(text)) for text in texts)
print(json.dumps([time.process_time() - began, found]))
"""


def texts(start: str = "") -> list[str]:
    """The labelled documents whose name starts so, in the order of their names."""
    return [path.read_text(encoding="utf-8") for path in sorted(DOCS.glob(f"{start}*.txt"))]


def releases(*, dense: bool = False) -> list[str]:
    """Press releases: the documents of one language joined until they are long enough, with talk between the figures
    unless they are to be `dense`."""
    found = []
    for language in ("en", "zh"):
        parts: list[str] = []
        for i, text in enumerate(texts(f"tune_{language}")):
            parts.append(text)
            if not dense:
                parts.append(TALK[language][i % len(TALK[language])])
            if sum(len(part.encode()) for part in parts) >= RELEASE:
                found.append("\n\n".join(parts))
                parts = []
    return found


def median_of(call: Callable[[], object], times: int = 3) -> float:
    """Seconds of processor time of a call, the median of some."""
    seconds = []
    for _ in range(times):
        began = time.process_time()
        call()
        seconds.append(time.process_time() - began)
    return statistics.median(seconds)


def make_pdf(path: Path) -> int:
    """A text PDF of at least PAGES pages in A4; gives its number of pages."""
    import pypdfium2
    import typst

    body = texts()
    pages = 0
    while pages < PAGES:
        source = '#set page("a4")\n#set text(size: 11pt, font: ("Noto Serif CJK SC", "Libertinus Serif"))\n'
        source += "\n\n".join(f"#{json.dumps(part, ensure_ascii=False)}" for part in body)
        path.with_suffix(".typ").write_text(source, encoding="utf-8")
        typst.compile(str(path.with_suffix(".typ")), output=str(path))
        pdf = pypdfium2.PdfDocument(path)
        pages = len(pdf)
        pdf.close()
        body = body + body
    return pages


def dump(path: Path) -> int:
    """The text of all pages by pypdfium2 alone; gives its length."""
    import pypdfium2

    pdf = pypdfium2.PdfDocument(path)
    size = 0
    for page in pdf:
        text = page.get_textpage()
        size += len(text.get_text_range())
        text.close()
        page.close()
    pdf.close()
    return size


def command(arguments: Sequence[str]) -> tuple[float, int, int]:
    """Wall seconds of `waferline audit …`, and the most megabytes resident in the command and in one worker."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "waferline", "audit", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    most: dict[int, int] = {}
    while process.poll() is None:
        for pid in (process.pid, *_children(process.pid)):
            most[pid] = max(most.get(pid, 0), _peak_kb(pid))
        time.sleep(0.02)
    seconds = time.perf_counter() - began
    if process.returncode not in (0, 1):  # 1: a document contradicts itself
        raise SystemExit(f"the audit ended with status {process.returncode}")
    workers = [size for pid, size in most.items() if pid != process.pid]
    return seconds, most.get(process.pid, 0) // 1000, max(workers, default=0) // 1000


def _children(pid: int) -> list[int]:
    try:
        return [
            int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        ]
    except OSError:
        return []


def _peak_kb(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)


def fill(folder: Path, bodies: Sequence[str], count: int) -> Path:
    """A folder of so many files, no two alike."""
    folder.mkdir()
    for number in range(count):
        body = f"{bodies[number % len(bodies)]}\n\nNo {number}.\n"
        (folder / f"{number:05}.txt").write_text(body, encoding="utf-8")
    return folder


def reading(folder: Path) -> list[str]:
    """One PDF: the bare dump, reading, auditing, and the command from start to exit."""
    path = folder / "report.pdf"
    pages = make_pdf(path)
    bare = median_of(lambda: dump(path))
    document = read(path)
    read_seconds = median_of(lambda: read(path))
    audit_seconds = median_of(lambda: audit_document(document))
    whole = statistics.median(command([str(path), "--out", str(folder / "out")])[0] for _ in range(3))
    return [
        f"### A text PDF of {pages} pages",
        "",
        f"{len(document.text):,} characters. The command is timed by the wall, from start to exit; aim: under 5 seconds for 35 pages.",
        "",
        "| what | seconds | a page, ms | beside the bare dump |",
        "| --- | ---: | ---: | ---: |",
        *(
            f"| {name} | {seconds:.2f} | {1000 * seconds / pages:.0f} | {seconds / bare:.1f} × |"
            for name, seconds in (
                ("bare text dump by pypdfium2, no places", bare),
                ("reading: lines, columns, tables, offsets", read_seconds),
                ("auditing what was read", audit_seconds),
                ("the command on the file", whole),
            )
        ),
        "",
    ]


def numbers(python: str) -> list[str]:
    """Finding numbers in English texts, beside quantulum3."""
    bodies = texts("tune_en") + texts("held_en")
    size = sum(len(body.encode()) for body in bodies)
    ours = median_of(lambda: [mentions_of(spelled(body), body) for body in bodies])
    count = sum(m.role == "quantity" for body in bodies for m in mentions_of(spelled(body), body))
    rows = [("Waferline", ours, count)]
    if python:
        answer = subprocess.run(
            [python, "-c", _QUANTULUM], input=json.dumps(bodies), capture_output=True, text=True, check=True
        )
        seconds, found = json.loads(answer.stdout)
        rows.append(("quantulum3, without its classifier", seconds, found))
    return [
        "### Numbers in English texts",
        "",
        f"{len(bodies)} texts, {size / 1000:.0f} kB. The counts are what each calls a quantity, not how many are right.",
        "",
        "| way | seconds | kB a second | quantities | Waferline is faster by |",
        "| --- | ---: | ---: | ---: | ---: |",
        *(
            f"| {name} | {seconds:.2f} | {size / 1000 / seconds:.0f} | {found:,} | {f'{seconds / ours:.1f} ×' if seconds != ours else ''} |"
            for name, seconds, found in rows
        ),
        "",
    ]


def documents() -> list[str]:
    """Whole audits in one process, without reading files."""
    lines = [
        "### Documents",
        "",
        "`audit_text` on one core, in one process; the aim for plain press releases is 200 a second. A press release has talk between its figures: four that were read for this print a number every 77 to 102 bytes, and the second row is made so. The third is the labelled texts alone, one after the other: the time goes by numbers more than by bytes.",
        "",
        "| documents | mean bytes | mean numbers | a second | MB a second | numbers a second |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, bodies in (
        ("labelled texts", texts()),
        (f"press releases of {RELEASE // 1000} kB and more", releases()),
        ("of the same length, nothing but figures", releases(dense=True)),
    ):
        size = sum(len(body.encode()) for body in bodies)
        found = sum(audit_text(body).mentions for body in bodies)
        seconds = median_of(lambda its=bodies: [audit_text(body) for body in its])  # type: ignore[misc]
        lines.append(
            f"| {len(bodies)} {name} | {size // len(bodies):,} | {found / len(bodies):.0f} "
            f"| {len(bodies) / seconds:.0f} | {size / seconds / 1e6:.2f} | {found / seconds:,.0f} |"
        )
    return [*lines, ""]


def processes(folder: Path) -> list[str]:
    """A folder of files by the command: one worker and two, few files and many."""
    bodies = texts()
    few = fill(folder / "few", bodies, FEW)
    many = fill(folder / "many", bodies, MANY)
    rows = []
    for count, where, jobs in ((FEW, few, 1), (FEW, few, 2), (MANY, many, 1)):
        out = folder / f"out-{count}-{jobs}"
        rows.append(
            (count, jobs, *command([str(where), "--jobs", str(jobs), "--format", "jsonl", "--out", str(out)]))
        )
    if len(list((folder / f"out-{MANY}-1").iterdir())) != MANY:
        raise SystemExit("not every document was audited")
    return [
        "### Folders",
        "",
        "The command on a folder, to jsonl files: wall clock from start to exit, files read and results written; the files are the labelled texts above, each with a line of its own.",
        "",
        "| documents | `--jobs` | seconds | documents a second | peak resident, command, MB | largest worker, MB |",
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
        *(
            f"| {count:,} | {jobs} | {seconds:.1f} | {count / seconds:.0f} | {parent} | {worker} |"
            for count, jobs, seconds, parent, worker in rows
        ),
        "",
    ]


def main() -> None:
    """All tables, in one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    parser.add_argument("--quantulum", default="", metavar="PYTHON", help="a Python that has quantulum3")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        lines = ["## Audit", "", "Processor time, median of 3, where nothing else is said.", ""]
        lines += reading(Path(name)) + numbers(arguments.quantulum) + documents() + processes(Path(name))
    lines += [
        *machine("benchmarks/audit.py --write --quantulum PYTHON"),
    ]
    table = "\n".join(lines)
    print(table)
    if arguments.write:
        write_section(table)


if __name__ == "__main__":
    main()
