"""Option 2: the rows for a graph wait in a dcc.Store."""

from dash import Dash, Input, Output, callback, dcc, html

# Read, and never changed: each worker may have its own copy.
TABLE = [(1, 3, "A"), (2, 1, "A"), (3, 2, "B"), (4, 3, "B"), (5, 5, "C"), (6, 6, "C")]

app = Dash(__name__, title="Option 2: dcc.Store")
server = app.server
app.layout = html.Div(
    [
        html.Label("Rows whose z is", htmlFor="dropdown"),
        dcc.Dropdown(["A", "B", "C"], "A", id="dropdown"),
        dcc.Store(id="cache"),
        dcc.Graph(id="graph"),
    ]
)


@callback(Output("cache", "data"), Input("dropdown", "value"))
def filter_rows(chosen):
    return [{"x": x, "y": y, "z": z} for x, y, z in TABLE if z == chosen]


@callback(Output("graph", "figure"), Input("cache", "data"))
def draw(rows):
    rows = rows or []
    x, y = [row["x"] for row in rows], [row["y"] for row in rows]
    return {"data": [{"type": "bar", "x": x, "y": y}]}


if __name__ == "__main__":
    app.run(port=8050)
