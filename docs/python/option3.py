"""Option 3: JSON text in a div that is not displayed. History: use dcc.Store."""

import json

from dash import Dash, Input, Output, State, callback, dcc, html
from dash.exceptions import PreventUpdate

app = Dash(__name__, title="Option 3: a hidden div")
server = app.server
app.layout = html.Div(
    [
        html.Label("First value", htmlFor="input_1"),
        dcc.Input(id="input_1"),
        html.Label("Second value", htmlFor="input_2"),
        dcc.Input(id="input_2"),
        html.Button("Store both", id="button"),
        html.Div(id="content"),
        html.Div(id="cache", style={"display": "none"}),
    ]
)


@callback(
    Output("cache", "children"),
    Input("button", "n_clicks"),
    State("input_1", "value"),
    State("input_2", "value"),
)
def store(_clicks, input_1, input_2):
    return json.dumps({"input_1": input_1, "input_2": input_2})


@callback(Output("content", "children"), Input("cache", "children"))
def show(text):
    if text is None:
        raise PreventUpdate
    cache = json.loads(text)
    return f"{cache['input_1']} {cache['input_2']}"


if __name__ == "__main__":
    app.run(port=8050)
