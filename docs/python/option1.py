"""Option 1: a file for each session, read and replaced in one step."""

import fcntl
import hashlib
import json
import os
from pathlib import Path

from dash import Dash, Input, Output, State, callback, dcc, html
from dash.exceptions import PreventUpdate

FOLDER = Path(os.environ.get("SESSIONS", ".data/python/option1"))
FOLDER.mkdir(parents=True, exist_ok=True)

app = Dash(__name__, title="Option 1: a file for each session")
server = app.server
app.layout = html.Div(
    [
        html.Label("Name of the session", htmlFor="session_name"),
        dcc.Input(id="session_name"),
        html.Label("Your text", htmlFor="input"),
        dcc.Input(id="input"),
        html.Button("Show and store", id="button"),
        html.H1(id="content"),
    ]
)


def swap(name, text):
    """Stores the text and returns what was there: under a lock, and by a rename."""
    # A hash: what a stranger typed must not choose a path.
    file = FOLDER / hashlib.sha256(name.encode()).hexdigest()
    with open(file.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # Other workers wait here.
        before = json.loads(file.read_text()) if file.exists() else None
        after = text if file.exists() else "Init"
        new = file.with_suffix(".new")
        new.write_text(json.dumps(after))
        new.rename(file)  # A reader finds the old file or the new one.
    return before


@callback(
    Output("content", "children"),
    Input("button", "n_clicks"),
    State("session_name", "value"),
    State("input", "value"),
    prevent_initial_call=True,
)
def update_output(_clicks, name, text):
    if not name:
        raise PreventUpdate
    return str(swap(name, text))


if __name__ == "__main__":
    app.run(port=8050)
