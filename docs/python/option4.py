"""Option 4: an expensive result is kept in a cache of files, for all workers."""

import os
import time

from dash import Dash, Input, Output, State, callback, dcc, html
from flask_caching import Cache

app = Dash(__name__, title="Option 4: a cache on the server")
server = app.server
cache = Cache(
    server,
    config={
        "CACHE_TYPE": "FileSystemCache",
        "CACHE_DIR": os.environ.get("CACHE", ".data/python/option4"),
        "CACHE_THRESHOLD": 200,
    },
)
app.layout = html.Div(
    [
        html.Label("Your value", htmlFor="input"),
        dcc.Input(id="input"),
        html.Button("Compute", id="button"),
        dcc.Loading(html.H1(id="content")),
        html.Button("Compute here too", id="button2"),
        dcc.Loading(html.H1(id="content_2")),
    ]
)


@cache.memoize(timeout=60)
def expensive(value):
    # This blocks the worker, which answers nobody else until it is done.
    time.sleep(float(os.environ.get("SECONDS_TO_COMPUTE", "5")))
    return f"{value}, computed by process {os.getpid()}"


def show(button, content):
    @callback(
        Output(content, "children"),
        Input(button, "n_clicks"),
        State("input", "value"),
        prevent_initial_call=True,
    )
    def compute(_clicks, value):
        return expensive(value)


show("button", "content")
show("button2", "content_2")


if __name__ == "__main__":
    app.run(port=8050)
