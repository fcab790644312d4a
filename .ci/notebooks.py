"""Runs the tours in Jupyter with two kernels, compares what they show with what is kept, and opens them in a browser."""

import atexit
import base64
import glob
import html
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time

import bleach
import nbclient
import nbformat
from nbconvert import HTMLExporter

HOSTILE = "notebooks/src/test/resources/plimsoll/notebooks/jupyter/hostile.ipynb"
NOTEBOOKS = sorted(glob.glob("notebooks/tours/*.ipynb")) + [HOSTILE]
IMAGE = re.compile(r"(data:image/png;base64,)([A-Za-z0-9+/=]+)")
LIBRARY = re.compile(r'<script data-plimsoll="plotly">.*?</script>\n?', re.S)
FIGURE = '<figure class="plimsoll"'
RAPAIO = "rapaio"
STARTS = 5
failures = []


def fail(what):
    failures.append(what)
    print("FAILED:", what, flush=True)


def jars(folder):
    return sorted(os.path.abspath(jar) for jar in glob.glob(folder + "/*.jar"))


def kernels(folder):
    """Kernel specifications of our own, so that nothing of the machine's is touched; the kernels' names."""
    plimsoll = jars("cli/target/lib")
    ours = [jar for jar in jars("notebooks/target/kernels") if "rapaio" not in jar and "basekernel" not in jar]
    rapaio = [jar for jar in jars("notebooks/target/kernels") if "rapaio" in jar]
    classes = os.path.abspath("notebooks/target/test-classes")
    java = os.path.join(os.environ["JAVA_HOME"], "bin/java") if os.environ.get("JAVA_HOME") else "java"
    specs = {
        "plimsoll-test": {
            "argv": [java, "-cp", ":".join([classes] + plimsoll + ours),
                     "plimsoll.notebooks.jupyter.TestKernel", "{connection_file}"],
        },
        RAPAIO: {
            "argv": [java, "-jar", rapaio[0], "{connection_file}"],
            "env": {
                "RJK_CLASSPATH": os.path.abspath("cli/target/lib") + "/*.jar",
                "RJK_INIT_SCRIPT": os.path.abspath("notebooks/imports.jsh"),
            },
        },
    }
    for name, spec in specs.items():
        os.makedirs(os.path.join(folder, "kernels", name))
        spec.update({"display_name": name, "language": "java", "interrupt_mode": "message"})
        with open(os.path.join(folder, "kernels", name, "kernel.json"), "w") as out:
            json.dump(spec, out)
    return list(specs)


def executed(path, kernel):
    """The notebook as the kernel runs it. Rapaio's kernel races with itself when it starts: it is started again."""
    for start in range(1, STARTS + 1):
        notebook = nbformat.read(path, 4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = []
        client = nbclient.NotebookClient(
            notebook, kernel_name=kernel, timeout=120, startup_timeout=20, allow_errors=True,
            resources={"metadata": {"path": os.path.dirname(path)}})
        try:
            client.execute(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            return notebook
        except RuntimeError as e:
            if kernel != RAPAIO or start == STARTS:
                raise
            atexit.unregister(client._cleanup_kernel)
            print("   start", start, "of", kernel, "failed:", str(e).strip().splitlines()[-1], flush=True)
    raise AssertionError


def text(value):
    return "".join(value) if isinstance(value, list) else value


def shown(cell):
    """What a cell shows, without what may differ: images, the library, numbers of runs."""
    if "volatile" in cell.metadata.get("tags", []):
        return ["volatile"]
    parts = []
    for output in cell.outputs:
        if output.output_type == "stream":
            kind, body = output.name, text(output.text)
        elif output.output_type == "error":
            kind, body = "error", output.ename + ": " + output.evalue
        else:
            data = {k: text(v) for k, v in output.data.items()}
            kind = "html" if FIGURE in data.get("text/html", "") or "text/plain" in data and "text/html" in data else "plain"
            body = data["text/html"] if kind == "html" else data.get("text/plain") or html.unescape(data.get("text/html", ""))
            body = LIBRARY.sub("", IMAGE.sub(r"\1", body))
        if parts and kind == "stdout" and parts[-1][0] == kind:
            parts[-1] = (kind, parts[-1][1] + body)
        else:
            parts.append((kind, body))
    return parts


def compare(path, kernel, kept, got):
    if figures(kept) != figures(got):
        fail("%s in %s: %d figures, and %d are kept" % (path, kernel, figures(got), figures(kept)))
    for number, (before, after) in enumerate(zip(kept.cells, got.cells), 1):
        if before.cell_type != "code":
            continue
        for output in after.outputs:
            if output.output_type == "error":
                fail("%s in %s: cell %d: %s %s" % (path, kernel, number, output.ename, "\n".join(output.traceback)))
        if shown(before) != shown(after):
            fail("%s in %s: cell %d shows\n%s\nand not as kept\n%s"
                 % (path, kernel, number, str(shown(after))[:3000], str(shown(before))[:3000]))


def figures(notebook):
    return sum(text(output.data.get("text/html", "")).count(FIGURE)
               for cell in notebook.cells if cell.cell_type == "code"
               for output in cell.outputs if output.output_type == "execute_result")


def page(notebook, title, path):
    notebook.metadata["title"] = title
    exporter = HTMLExporter(require_js_url="", mathjax_url="", jquery_url="", exclude_anchor_links=True)
    body, _ = exporter.from_notebook_node(notebook)
    with open(path, "w", encoding="utf-8") as out:
        out.write(body)


def browse(path, work, *more):
    """Opens a page with the network off; what it became, and what its console says."""
    browser = os.environ["PLIMSOLL_BROWSER"]
    offline = ["unshare", "--net"] if subprocess.run(["unshare", "--net", "true"], capture_output=True).returncode == 0 else []
    ran = subprocess.run(
        offline + ["timeout", "120", browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
                   "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                   "--host-resolver-rules=MAP * ~NOTFOUND", "--hide-scrollbars", "--enable-logging=stderr",
                   "--user-data-dir=" + tempfile.mkdtemp(dir=work), "--virtual-time-budget=20000", *more,
                   "file://" + os.path.abspath(path)],
        capture_output=True, text=True, check=False)
    # the browser's own pages talk of the missing network
    console = [line for line in ran.stderr.splitlines() if ":CONSOLE" in line and "source: chrome:" not in line]
    return ran.stdout, console


def drawn(name, path, expected, work):
    dom, console = browse(path, work, "--dump-dom")
    if console:
        fail("%s: the console says %s" % (name, console[:5]))
    if dom.count('data-drawn="yes"') != expected or dom.count("main-svg") < expected:
        fail("%s: %d of %d figures are drawn" % (name, dom.count('data-drawn="yes"'), expected))
    title = re.search("<title>(.*?)</title>", dom)
    if not title or title.group(1) != name:
        fail("%s: captured text has run: the page's title is now %s" % (name, title and title.group(1)))
    print("   drawn: %d figures, without a network" % expected, flush=True)


def large(png):
    width, height = struct.unpack(">II", png[16:24])
    return width >= 1200 and height >= 300


def static(notebook, path):
    """What a code host shows: no script, no style, no attribute but the plainest. Each picture must still be there."""
    wanted = figures(notebook)
    found = 0
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type != "execute_result" or "text/html" not in output.data:
                continue
            clean = bleach.clean(
                LIBRARY.sub("", text(output.data["text/html"])),
                tags=["p", "b", "pre", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "details", "summary", "img",
                      "div", "figure", "br"],
                attributes={"img": ["src", "alt"]}, protocols=["data"], strip=True)
            output.data["text/html"] = clean
            for match in IMAGE.finditer(clean):
                png = base64.b64decode(match.group(2))
                if png[:8] == b"\x89PNG\r\n\x1a\n" and large(png):
                    found += 1
    if found != wanted:
        fail("%s: %d of %d pictures show without scripts" % (path, found, wanted))
    print("   without scripts: %d pictures" % found, flush=True)


def main():
    work = tempfile.mkdtemp()
    shots = os.environ.get("PLIMSOLL_SHOTS")
    browser = os.environ.get("PLIMSOLL_BROWSER")
    try:
        names = kernels(work)
        os.environ["JUPYTER_PATH"] = work
        for path in NOTEBOOKS:
            name = os.path.basename(path)[:-len(".ipynb")]
            kept = nbformat.read(path, 4)
            nbformat.validate(kept)
            print(path, flush=True)
            for kernel in names:
                begun = time.time()
                got = executed(path, kernel)
                compare(path, kernel, kept, got)
                print("   %s: %d cells, %.0f s" % (kernel, len(got.cells), time.time() - begun), flush=True)
                if browser:
                    out = os.path.join(work, name + "-" + kernel + ".html")
                    page(got, name, out)
                    drawn(name, out, figures(got), work)
                    if shots:
                        os.makedirs(shots, exist_ok=True)
                        browse(out, work, "--window-size=1000,8000",
                               "--screenshot=" + os.path.abspath(os.path.join(shots, name + "-" + kernel + ".png")))
            static(kept, path)
            if browser and shots:
                out = os.path.join(work, name + "-static.html")
                page(kept, name, out)
                browse(out, work, "--window-size=1000,8000",
                       "--screenshot=" + os.path.abspath(os.path.join(shots, name + "-static.png")))
        if not browser:
            print("NOT RUN: the tours in a browser: chromium is not installed")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if failures:
        sys.exit("%d failures" % len(failures))
    print("%d notebooks in %d kernels: as kept" % (len(NOTEBOOKS), len(names)))


main()
