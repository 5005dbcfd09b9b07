"""docs/speed.md and its plot, out of what was measured."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from eval.benchmarks.speed_floor import BARE, ENCODER, ENDPOINT
from eval.benchmarks.speed_indexing import GENERATED_FROM, HERALD, QUICKSTART, Built, Exported
from eval.benchmarks.speed_million import Million
from eval.benchmarks.speed_plot import Curve, draw_growth
from eval.benchmarks.speed_samples import Samples
from eval.benchmarks.speed_targets import Target, targets

PLOT = Path("images") / "speed.svg"
PACKAGES = (
    "faiss-cpu", "fastapi", "langchain-community", "langchain-huggingface", "numpy", "onnxruntime", "tantivy",
    "torch", "uvicorn",
)  # fmt: skip

METHODS = """## How it is measured

- **Corpus**: short announcements by a seeded generator (`eval/benchmarks/speed_corpus.py`), about 50 words
  each, a headline and three sentences; each is one passage of Herald's and one chunk of the quickstart's.
- **Vectors**: up to {generated:,} passages the encoder's own. From there on they are made like them in a
  hundredth of the time (`eval/benchmarks/speed_likeness.py`: from what the encoder makes of each word piece in
  a sample of the corpus, and how that strays with the context), and the quickstart is given the same; its FAISS
  store is made `from_embeddings`. What indexing costs is not measured at such sizes, and all else is.
- **LangChain quickstart**: `RecursiveCharacterTextSplitter` (1000 characters, overlap 200),
  `HuggingFaceEmbeddings` with the same all-MiniLM-L6-v2, the FAISS vector store and `similarity_search`,
  behind one FastAPI route, saved and loaded by its own methods. It retrieves; it does not rank sentences,
  judge, refuse, answer or store.
- **Herald**: `herald serve` as installed, over HTTP. `/v1/search` ranks by dense and lexical search and late
  interaction. `/v1/chat` also chooses the sentences, judges whether they answer, cites or refuses, and has
  the turn on the disk before it replies. No question is asked twice of a server, except where the table
  says so; the rate limit is off.
- **Runs are interleaved**: each run takes every size, at each size the quickstart and then Herald, each
  started anew. Shown are medians over the runs; p50 and p99 are of 200 requests of one client within a run.
- **Start to first answer**: from the start of the process to the end of the first response, an answer of
  Herald's, passages of the quickstart's.
- **Memory**: what is resident after the requests, pages shared between processes counted once (PSS);
  mapped index pages that were touched are part of it.
- **Adding**: a new file, the command that adds it, until a running server finds it. The quickstart loads its
  store, adds and saves; that its server must be started again to see it is not counted.
- **Indexing**: the whole command, reading, splitting and saving included; peak of resident memory. Herald's
  finds its encoder exported already; what exporting it costs is said below the table.
- No variable of the environment says how many threads a program may use: each chooses itself."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is shown. ``built`` is by whom and size."""

    samples: Samples
    built: dict[tuple[str, int], Built]
    sizes: tuple[int, ...]
    runs: int
    million: Million | None
    exported: Exported


def write(report: Report, docs: Path) -> None:
    """Write speed.md and the plot into a folder."""
    (docs / PLOT).parent.mkdir(parents=True, exist_ok=True)
    draw_growth(_curves(report), _floor(report), docs / PLOT)
    (docs / "speed.md").write_text(text(report) + "\n", encoding="utf-8")
    (docs / "speed.json").write_text(json.dumps(_figures(report), indent=1) + "\n", encoding="utf-8")


def _figures(report: Report) -> dict[str, object]:
    """Everything that was measured, every sample of it."""
    return {
        "machine": {"cores": os.cpu_count(), "processor": _processor(), "python": platform.python_version()},
        "runs": report.runs,
        "samples": report.samples.listed(),
        "indexes": [
            {"whom": whom, "size": size, **asdict(built)} for (whom, size), built in report.built.items()
        ],
        "export": asdict(report.exported),
        "million": None if report.million is None else asdict(report.million),
    }


def text(report: Report) -> str:
    """The page in Markdown."""
    parts = [
        _introduction(report),
        f"![How the time of a request grows with the number of passages]({PLOT.as_posix()})",
        "## Against what was to be reached",
        _target_table(targets(report.samples, report.sizes)),
        "## By size",
        *(_size_table(report, size) for size in report.sizes),
        "## Floors",
        _floor_table(report),
        "## Indexing",
        _indexing_table(report),
        *([] if report.million is None else ["## A million passages", _million(report.million)]),
        "## Ten times more",
        _tenfold(report),
        METHODS.format(generated=GENERATED_FROM),
    ]
    return "\n\n".join(parts)


def _introduction(report: Report) -> str:
    return f"""# Speed

How quick Herald is beside the LangChain quickstart served by FastAPI, on the same machine and corpus.
`make bench-speed` (`python -m eval.benchmarks.speed`) measures all of it and writes this page. Medians of
{report.runs} interleaved runs.

Machine: {os.cpu_count()} cores, {_processor()}, Python {platform.python_version()}; {_versions()}."""


def _target_table(found: Sequence[Target]) -> str:
    rows = [
        [target.what, target.herald, target.other, target.ratio, target.wanted, "yes" if target.met else "no"]
        for target in found
    ]
    return _table(["", "Herald", "beside", "ratio", "to reach", "reached"], rows)


def _size_table(report: Report, size: int) -> str:
    def row(heading: str, what: str, form: str, also: str | None = None) -> list[str]:
        other = report.samples.median(what, QUICKSTART, size)
        return [
            heading,
            _shown(report.samples.median(also or what, HERALD, size), form),
            "–" if also else _shown(other, form),
        ]

    rows = [
        row("start to first answer, s", "first answer", "s"),
        row("memory, MB", "memory", "n"),
        row("`/v1/search` p50, ms", "search p50", "ms"),
        row("`/v1/search` p99, ms", "search p99", "ms"),
        row("`/v1/chat` p50, ms", "", "ms", "chat p50"),
        row("`/v1/chat` p99, ms", "", "ms", "chat p99"),
        row("answers (retrievals) a second, 8 clients", "rate", "n"),
        row("the same, two processes", "", "n", "rate of several"),
        row("memory of two processes, MB", "", "n", "memory of several"),
    ]
    return f"**{size:,} passages**\n\n" + _table(["", HERALD, QUICKSTART], rows)


def _floor_table(report: Report) -> str:
    get = report.samples.median
    rows = [
        ["one bare encoder pass over a question, p50, ms", _shown(get("pass", ENCODER, 0), "ms")],
        ["one request to a bare ASGI application, p50, ms", _shown(get("request p50", BARE, 0), "ms")],
        ["one request to a trivial FastAPI endpoint, p50, ms", _shown(get("request p50", ENDPOINT, 0), "ms")],
        ["requests a second, bare ASGI application, 8 clients", _shown(get("rate", BARE, 0), "n")],
        ["requests a second, trivial FastAPI endpoint, 8 clients", _shown(get("rate", ENDPOINT, 0), "n")],
    ]
    return _table(["", ""], rows)


def _indexing_table(report: Report) -> str:
    rows = []
    for (whom, size), built in sorted(report.built.items(), key=lambda item: (item[0][1], item[0][0])):
        speed = report.samples.median("indexing", whom, size) or built.passages / built.seconds
        rows.append(
            [
                f"{size:,}",
                whom,
                f"{speed:.0f}" if built.encoded else "–",
                f"{built.memory:.0f}" if built.encoded else "–",
                f"{built.disk / built.passages:,.0f}",
                f"{built.kind}, {built.recall:.3f}",
            ]
        )
    heading = [
        "passages",
        "",
        "passages a second",
        "peak memory, MB",
        "bytes a passage",
        "dense index, recall@10",
    ]
    note = (
        f"The smallest size is a median of {report.runs} interleaved runs, the others were built once. Most of"
        " Herald's bytes are token vectors, one of 384 bytes a token. Beside them an index holds its encoder,"
        f" {report.exported.disk / 1e6:.0f} MB whatever its size, which is exported once, before the first"
        f" passage: {report.exported.seconds:.0f} s, in a process of its own that takes"
        f" {report.exported.memory:,.0f} MB at its peak and is not part of the figures above."
    )
    return _table(heading, rows) + "\n\n" + note


def _million(found: Million) -> str:
    rows = [
        ["dense index", f"{found.dense}, recall@10 {found.recall:.3f}"],
        ["start to first passages, with none of its files in memory, s", _shown(found.first_answer, "s")],
        ["`/v1/search` p50, the first time, ms", _shown(found.cold_p50, "ms")],
        ["`/v1/search` p99, the first time, ms", _shown(found.cold_p99, "ms")],
        ["`/v1/search` p50, the same questions again, ms", _shown(found.p50, "ms")],
        ["`/v1/search` p99, the same questions again, ms", _shown(found.p99, "ms")],
        ["exact FAISS search over the same vectors alone, p50, ms", _shown(found.flat, "ms")],
        ["memory, MB", f"{found.memory:.0f}"],
        ["disk, bytes a passage", f"{found.disk / found.passages:,.0f}"],
        ["building without encoding, s", f"{found.building:.0f}"],
    ]
    return (
        f"Retrieval alone over {found.passages:,} passages of a headline each, whose vectors are made like the"
        " encoder's instead of by it; everything else is the product. Recall is against exact search, for"
        " vectors of the index itself.\n\n" + _table(["", ""], rows)
    )


def _tenfold(report: Report) -> str:
    largest = max(report.sizes)
    built = report.built[HERALD, largest]
    each = built.disk / built.passages
    encoded = report.built[HERALD, max(size for size in report.sizes if report.built[HERALD, size].encoded)]
    rate = encoded.passages / encoded.seconds
    lines = [
        f"An announcement of about 50 words takes {each / 1000:.0f} kB on the disk, nine tenths of it token"
        f" vectors, and {1000 / rate:.0f} ms of indexing on this machine. So, with what was measured above:",
        *(
            f"- **{size:,} passages**: {each * size / 1e9:,.0f} GB of disk, {size / rate / 3600:,.1f} hours of"
            f" indexing; {needs}"
            for size, needs in (
                (1_000_000, "the dense index (0.5 GB) and the lexical one are mapped, token vectors are read as"
                 " they are needed; a solid-state disk serves what memory does not hold."),
                (10_000_000, "about 5 GB of dense index: 24 GiB of memory still hold what every question reads;"
                 " encode on several machines or a GPU."),
                (100_000_000, "about 50 GB of dense index: shards on several machines, each asked at once, or"
                 " PostgreSQL with pgvector."),
            )
            if size > largest
        ),
    ]  # fmt: skip
    return "\n".join([lines[0], "", *lines[1:]])


def _curves(report: Report) -> list[Curve]:
    found = [
        Curve(f"{QUICKSTART}: retrieval", [], []),
        Curve(f"{HERALD}: /v1/search", [], []),
        Curve(f"{HERALD}: /v1/chat", [], []),
    ]
    figures = (("search p50", QUICKSTART), ("search p50", HERALD), ("chat p50", HERALD))
    for curve, (what, whom) in zip(found, figures, strict=True):
        for size in report.sizes:
            value = report.samples.median(what, whom, size)
            if value is not None:
                curve.sizes.append(size)
                curve.milliseconds.append(1000 * value)
    return found


def _floor(report: Report) -> float | None:
    """Milliseconds of one encoder pass and one bare request."""
    encoder = report.samples.median("pass", ENCODER, 0)
    request = report.samples.median("request p50", BARE, 0)
    return None if encoder is None or request is None else 1000 * (encoder + request)


def _shown(value: float | None, form: str) -> str:
    if value is None:
        return "–"
    match form:
        case "ms":
            return f"{1000 * value:.2f}"
        case "s":
            return f"{value:.2f}"
        case _:
            return f"{value:,.0f}"


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in (heading, *rows)]
    lines.insert(1, "|" + "---|" * len(heading))
    return "\n".join(lines)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")


def _versions() -> str:
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)
