"""Store and cache: an expensive table stays on the server, and a signal says that it is ready."""

import os
import time

from dash import Dash, Input, Output, callback, dcc, html
from flask_caching import Cache

app = Dash(__name__, title="Store and cache: a signal")
server = app.server
folder = os.environ.get("CACHE", ".data/python/signal")
cache = Cache(server, config={"CACHE_TYPE": "FileSystemCache", "CACHE_DIR": folder})
SHAPES = ["bars", "line", "dots", "total"]
app.layout = html.Div(
    [
        html.Label("Sales of", htmlFor="dropdown"),
        dcc.Dropdown(["Apples", "Pears", "Plums"], "Apples", id="dropdown"),
        dcc.Store(id="signal"),
        html.Div([dcc.Graph(id=shape) for shape in SHAPES]),
    ]
)


@cache.memoize(timeout=60)
def table(fruit):
    time.sleep(float(os.environ.get("SECONDS_TO_COMPUTE", "2")))
    return {"process": os.getpid(), "run": time.time_ns(), "sold": [ord(letter) for letter in fruit]}


@callback(Output("signal", "data"), Input("dropdown", "value"))
def compute(fruit):
    table(fruit)  # It stays in the cache. Only its key goes to the browser.
    return fruit


def graph(shape):
    @callback(Output(shape, "figure"), Input("signal", "data"), prevent_initial_call=True)
    def draw(fruit):
        found = table(fruit)
        sold = [sum(found["sold"])] if shape == "total" else found["sold"]
        kind = {"line": {"mode": "lines"}, "dots": {"mode": "markers"}}.get(shape, {"type": "bar"})
        title = f"computed by process {found['process']}, run {found['run']}"
        return {"data": [{"y": sold, **kind}], "layout": {"title": {"text": title}}}


for shape in SHAPES:
    graph(shape)


if __name__ == "__main__":
    app.run(port=8050)
