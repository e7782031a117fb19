"""Option 2: a click stores two inputs, and the store's change shows them."""

from dash import Dash, Input, Output, State, callback, dcc, html
from dash.exceptions import PreventUpdate

app = Dash(__name__, title="Option 2: dcc.Store")
server = app.server
app.layout = html.Div(
    [
        html.Label("First value", htmlFor="input_1"),
        dcc.Input(id="input_1"),
        html.Label("Second value", htmlFor="input_2"),
        dcc.Input(id="input_2"),
        html.Button("Store both", id="button"),
        html.Div(id="content"),
        dcc.Store(id="cache", storage_type="memory"),
    ]
)


@callback(
    Output("cache", "data"),
    Input("button", "n_clicks"),
    State("input_1", "value"),
    State("input_2", "value"),
)
def store(_clicks, input_1, input_2):
    return {"input_1": input_1, "input_2": input_2}


@callback(Output("content", "children"), Input("cache", "data"))
def show(cache):
    if cache is None:
        raise PreventUpdate
    return f"{cache['input_1']} {cache['input_2']}"


if __name__ == "__main__":
    app.run(port=8050)
