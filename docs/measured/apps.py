"""What `measure.py` runs under gunicorn: the ways of keeping data that the book warns of, and what it compares with."""

import os
import time
from pathlib import Path

from dash import Dash, Input, Output, State, callback, dcc, html
from flask_caching import Cache

FOLDER = Path(os.environ["MEASURED"])

app = Dash(__name__)
server = app.server
app.layout = html.Div([dcc.Input(id="name"), dcc.Input(id="input"), html.Div(id="shared"), html.Div(id="file")])
cache = Cache(
    server,
    config={"CACHE_TYPE": "FileSystemCache", "CACHE_DIR": str(FOLDER / "cache"), "CACHE_THRESHOLD": 200},
)
shared = None


@callback(Output("shared", "children"), Input("input", "value"))
def swap_global(value):
    """A global variable: what it held, and the new value in its place."""
    global shared
    before, shared = shared, value
    return before


@callback(Output("file", "children"), Input("input", "value"), State("name", "value"))
def swap_file(value, name):
    """Three steps, open and read and write, in a file with the name that was typed."""
    file = FOLDER / "sessions" / name
    before = file.read_text() if os.path.exists(file) else None
    file.write_text(value)
    return before


@cache.memoize(timeout=60)
def expensive(key, seconds):
    with open(FOLDER / "runs", "a") as runs:
        runs.write(f"{key}\n")
    time.sleep(seconds)
    return key


@server.get("/compute/<key>/<float:seconds>")
def compute(key, seconds):
    return expensive(key, seconds)


@server.get("/pid")
def pid():
    return str(os.getpid())
