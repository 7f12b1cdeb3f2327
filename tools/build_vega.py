"""This script rebuilds `src/waferline/render/assets/vega/`: the chart library for the web page and its licences.

    npm install vega@6.2.0 vega-lite@6.4.1 vega-embed@7.0.2    # only for the licence texts
    python tools/build_vega.py node_modules

The code itself comes out of vl-convert, so that page and PDF are drawn by the same version.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import vl_convert

TARGET = Path(__file__).resolve().parents[1] / "src" / "waferline" / "render" / "assets" / "vega"
# Command line helpers and type declarations of the packages; none of it is in the bundle.
NOT_BUNDLED = frozenset(
    [
        "yargs",
        "yargs-parser",
        "cliui",
        "y18n",
        "escalade",
        "get-caller-file",
        "string-width",
        "strip-ansi",
        "ansi-regex",
        "ansi-styles",
        "wrap-ansi",
        "emoji-regex",
        "get-east-asian-width",
        "commander",
        "iconv-lite",
        "safer-buffer",
        "rw",
        "@types",
    ]
)


def main(modules: Path) -> None:
    """Write the bundle and the licences of what is in it."""
    TARGET.mkdir(parents=True, exist_ok=True)
    code = vl_convert.javascript_bundle("window.vegaEmbed=vegaEmbed;window.vega=vega;")
    if "</script" in code.lower():
        raise SystemExit("the bundle holds a closing script tag and cannot stand in a page")
    (TARGET / "vega-bundle.js").write_text(code, encoding="utf-8")
    parts = [
        f"vega {vl_convert.get_vega_version()}, vega-lite {vl_convert.get_vegalite_versions()[-1]}, "
        f"vega-embed {vl_convert.get_vega_embed_version()} and what they use, bundled by vl-convert.\n"
    ]
    for package in sorted(modules.iterdir()):
        about = package / "package.json"
        if package.name in NOT_BUNDLED or not about.is_file():
            continue
        names = sorted(p for p in package.iterdir() if p.name.upper().startswith("LICEN"))
        meta = json.loads(about.read_text(encoding="utf-8"))
        text = (
            names[0].read_text(encoding="utf-8").strip()
            if names
            else f"{meta.get('license')} (no text in the package)"
        )
        parts.append(f"{'=' * 80}\n{meta['name']} ({meta.get('license')})\n\n{text}\n")
    (TARGET / "LICENSES.txt").write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
