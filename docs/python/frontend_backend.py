"""Frontend and backend: the page shows who called the callback, and when."""

from datetime import datetime

from dash import Dash, Input, Output, callback, ctx, dcc, html

app = Dash(__name__, title="Frontend and backend")
server = app.server


def layout():
    """Step 1, for each page: without brackets below, Dash calls it at each page load."""
    return html.Div(
        [
            html.P(f"Layout built at {datetime.now():%H:%M:%S.%f}"),
            html.Label("A city", htmlFor="city"),
            dcc.Input(id="city", value="Montreal"),
            html.H2(id="greeting"),
            html.Small(id="ran"),
        ]
    )


app.layout = layout


@callback(
    Output("greeting", "children"),
    Output("ran", "children"),
    Input("city", "value"),
)
def greet(city):
    cause = "you typed" if ctx.triggered_id else "the page was opened"
    ran = f"Computed at {datetime.now():%H:%M:%S.%f}, because {cause}."
    return f"Hello, {city or ''}!", ran


if __name__ == "__main__":
    app.run(port=8050)
