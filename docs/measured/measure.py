"""Measures what the book says of Dash, gunicorn and flask-caching. Anyone with Python can run it:

    python3 -m venv target/python
    target/python/bin/pip install --require-hashes -r docs/python/requirements.txt
    target/python/bin/python docs/measured/measure.py

What it printed last is in `measured.txt`, beside it. It takes half a minute. Counts differ from run to run.
"""

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent


@contextmanager
def gunicorn(*options):
    """The apps under gunicorn, on a free port, with a folder of their own."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "sessions").mkdir()
        log = open(Path(folder) / "log", "w+")
        command = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", *options, "apps:server"]
        process = subprocess.Popen(command, cwd=HERE, stderr=log, env={**os.environ, "MEASURED": folder})
        try:
            while True:
                assert process.poll() is None, "gunicorn ended before it listened: see its log"
                text = Path(log.name).read_text()
                workers = int(options[options.index("--workers") + 1])
                if text.count("Booting worker") == workers:
                    break
            port = int(text.split("Listening at: http://127.0.0.1:")[1].split()[0])
            # A worker that has booted may still be importing the app: ask until each has answered.
            ports = {get(port, "/pid") for _ in range(workers)}
            while len(ports) < workers:
                with ThreadPoolExecutor(workers) as pool:
                    ports.update(pool.map(lambda _: get(port, "/pid"), range(workers)))
            yield port, Path(folder)
        finally:
            process.terminate()
            process.wait()


def get(port, path, connection=None):
    connection = connection or http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.read().decode()


def swap(port, output, value, name=None):
    """Calls a callback as Dash's client does, over a new connection."""
    state = [{"id": "name", "property": "value", "value": name}] if output == "file" else []
    body = {
        "output": f"{output}.children",
        "outputs": {"id": output, "property": "children"},
        "inputs": [{"id": "input", "property": "value", "value": value}],
        "state": state,
        "changedPropIds": ["input.value"],
    }
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("POST", "/_dash-update-component", json.dumps(body), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    assert answer.status == 200, (answer.status, text)
    return json.loads(text)["response"][output]["children"], answer.headers["Connection"]


def a_global_variable():
    with gunicorn("--workers", "8") as (port, _):
        answers = [swap(port, "shared", str(number)) for number in range(300)]
    values = [value for value, _ in answers]
    wrong = sum(value != str(number - 1) for number, value in enumerate(values) if number)
    print(f"global variable, 8 sync workers, 300 calls: {wrong} of 299 answers are not the value of the call before")
    print(f"  headers `Connection` of sync workers: {set(header for _, header in answers)}")
    with gunicorn("--workers", "8", "--threads", "2") as (port, _):
        kept = http.client.HTTPConnection("127.0.0.1", port)
        pids = {get(port, "/pid", kept) for _ in range(50)}
    print(f"  gthread workers, one connection, 50 requests: {len(pids)} of 8 workers answer")


def a_file_in_three_steps():
    with gunicorn("--workers", "8") as (port, folder):
        swap(port, "file", "first", "s")
        with ThreadPoolExecutor(16) as pool:
            texts = [f"{person}-{click}" for click in range(10) for person in range(16)]
            reads = list(pool.map(lambda text: swap(port, "file", text, "s")[0], texts))
        count = Counter(reads)
        last = (folder / "sessions" / "s").read_text()
        lost = [text for text in texts if text not in count and text != last]
        print(f"a file, opened, read and written in three steps, 16 people, 160 clicks: {len(lost)} values lost, "
              f"{sum(n > 1 for n in count.values())} read twice or more, {count['']} times an empty file")
        swap(port, "file", "overwritten", "../runs")
        print(f"  a session called `../runs` has written {'a file outside' if (folder / 'runs').exists() else 'nothing outside'} its folder")


def a_memoized_function():
    with gunicorn("--workers", "8") as (port, folder):
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: get(port, "/compute/same/1.0"), range(8)))
        runs = (folder / "runs").read_text().count("same")
        print(f"memoize, 8 calls at once of one second each, 8 workers: the function ran {runs} times")
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda key: get(port, f"/compute/{key}/0.0"), range(480)))
        print(f"FileSystemCache, limit 200, 480 keys from 8 clients: {len(list((folder / 'cache').iterdir()))} files are left")
    with gunicorn("--workers", "1") as (port, folder):
        for key in range(480):
            get(port, f"/compute/{key}/0.0")
        print(f"  from one client, one after the other: {len(list((folder / 'cache').iterdir()))} files are left")


def a_signal():
    with gunicorn("--workers", "8") as (port, folder):
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: get(port, "/compute/together/1.0"), range(4)))
            get(port, "/compute/signalled/1.0")
            list(pool.map(lambda _: get(port, "/compute/signalled/1.0"), range(4)))
        runs = (folder / "runs").read_text()
        print(f"memoize, four graphs that ask at once: the function ran {runs.count('together')} times")
        print(f"  one callback first, and the four after it has answered: {runs.count('signalled')} time")


def a_callback_that_sleeps():
    with gunicorn("--workers", "1") as (port, _), ThreadPoolExecutor(1) as pool:
        slow = pool.submit(get, port, "/compute/slow/2.0")
        while not slow.running():
            pass
        time.sleep(0.2)  # So that the slow request is the first.
        start = time.monotonic()
        get(port, "/pid")
        waited = time.monotonic() - start
        slow.result()
        print(f"one sync worker that sleeps for 2 s: another request waits {waited:.1f} s")


def old_code():
    """What code of Dash 1 meets in Dash 4."""
    import dash

    for name in ["dash_core_components", "dash_html_components"]:
        try:
            __import__(name)
            print(f"import {name}: works")
        except ImportError as error:
            print(f"import {name}: {type(error).__name__}")
    try:
        dash.Dash("old").run_server()
    except Exception as error:
        print(f"app.run_server(): {type(error).__name__}: {str(error).strip()}")
    try:
        os.path.exists(None)
    except TypeError as error:
        print(f"os.path.exists(None): TypeError: {error}")


if __name__ == "__main__":
    names = ["dash", "flask-caching", "cachelib", "gunicorn"]
    print(", ".join(f"{name} {version(name)}" for name in names) + f", Python {sys.version.split()[0]}, {os.cpu_count()} cores")
    for measure in [a_global_variable, a_file_in_three_steps, a_memoized_function, a_signal, a_callback_that_sleeps, old_code]:
        # The marks are for the book, which shows each part in its chapter.
        print(f"# ANCHOR: {measure.__name__}")
        measure()
        print(f"# ANCHOR_END: {measure.__name__}")
