"""A global variable: each process has its own copy of it. Do not build this."""

from dash import Dash, Input, Output, callback, dcc, html

shared = None

app = Dash(__name__, title="A global variable")
server = app.server
app.layout = html.Div(
    [
        html.Label("Your text", htmlFor="input"),
        dcc.Input(id="input"),
        html.H1(id="content"),
    ]
)


@callback(Output("content", "children"), Input("input", "value"))
def update_output(value):
    global shared
    before, shared = shared, value
    return before


if __name__ == "__main__":
    app.run(port=8050)
