"""Opens each app of this folder in a browser, under gunicorn, and uses it. Then one page is walked both ways: Dash's client on the
server written in Rust, and the client of this project on Dash's server.

`cargo xtask test python` runs it. By hand, after `cargo build --bins`: `target/python/bin/python docs/python/walk.py`.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from shutil import which

HERE = Path(__file__).parent
RUST = HERE.parents[1] / "target" / "debug" / "option2-inputs"
PATIENCE = 30  # seconds until a test gives up


@contextlib.contextmanager
def program(*command, says, **more):
    """A program that runs until the end of the block; gives what it wrote after `says`, up to the next space."""
    with tempfile.NamedTemporaryFile("r") as log:
        with open(log.name, "w") as out:
            process = subprocess.Popen(command, stdout=out, stderr=out, **more)
        try:
            until(lambda: says in Path(log.name).read_text() or process.poll() is not None, f"{command[0]} says {says!r}")
            text = Path(log.name).read_text()
            assert says in text, f"{command} has ended: {text}"
            yield text.split(says, 1)[1].split()[0].strip(".")
        finally:
            process.terminate()
            process.wait()


def until(holds, wanted, saw=lambda: ""):
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"wanted: {wanted}; saw: {saw()}"


class Browser:
    """As much of WebDriver as this needs."""

    def __init__(self, port):
        self.address = f"http://127.0.0.1:{port}/session"
        chromium = which("google-chrome") or which("chromium") or which("chromium-browser")
        options = {"binary": chromium, "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1000,800"]}
        capabilities = {"alwaysMatch": {"goog:chromeOptions": options}}
        self.address += "/" + self.post("", capabilities=capabilities)["sessionId"]

    def post(self, path, **body):
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.address + path, json.dumps(body).encode(), headers)
        return json.load(urllib.request.urlopen(request))["value"]

    def script(self, text):
        return self.post("/execute/sync", script=text, args=[])

    def element(self, id):
        until(lambda: self.script(f"return !!document.getElementById('{id}')"), f"an element #{id}")
        return next(iter(self.post("/element", using="css selector", value=f"#{id}").values()))

    def open(self, address):
        self.post("/url", url=address)

    def type(self, id, text):
        self.post(f"/element/{self.element(id)}/value", text=text)

    def click(self, id):
        self.post(f"/element/{self.element(id)}/click")

    def shows(self, id, expected):
        text = lambda: self.script(f"return document.getElementById('{id}')?.textContent")
        until(lambda: text() == expected, f"#{id} shows {expected!r}", text)

    def quit(self):
        urllib.request.urlopen(urllib.request.Request(self.address, method="DELETE"))


# What a person does with each app, and sees.


def frontend_backend(browser):
    browser.shows("greeting", "Hello, Montreal!")
    browser.type("city", "!")
    browser.shows("greeting", "Hello, Montreal!!")


def global_variable(browser):
    browser.type("input", "a")
    browser.shows("content", "")
    browser.type("input", "b")
    browser.shows("content", "a")
    browser.type("input", "c")
    browser.shows("content", "ab")


def option1(browser):
    browser.type("session_name", "../s")
    browser.type("input", "v")
    for expected in ["None", "Init", "v"]:
        browser.click("button")
        browser.shows("content", expected)


def option2(browser):
    bars = lambda: browser.script("return document.querySelectorAll('#graph .bars .point').length")
    until(lambda: bars() == 2, "two bars", bars)


def option2_inputs(browser):
    browser.type("input_1", "A")
    browser.type("input_2", "B")
    browser.shows("content", "None None")
    browser.click("button")
    browser.shows("content", "A B")


def option3(browser):
    option2_inputs(browser)


def option4(browser):
    browser.type("input", "x")
    browser.click("button")
    text = lambda id: browser.script(f"return document.getElementById('{id}')?.textContent")
    until(lambda: (text("content") or "").startswith("x, computed by process"), "a computed value", lambda: text("content"))
    browser.click("button2")
    browser.shows("content_2", text("content"))


def signal_store(browser):
    titles = lambda: browser.script(
        "return [...document.querySelectorAll('.js-plotly-plot')].map(graph => graph.layout?.title?.text)"
    )
    until(lambda: len(titles()) == 4 and None not in titles(), "four graphs with titles", titles)
    assert len(set(titles())) == 1, titles()


APPS = [frontend_backend, global_variable, option1, option2, option2_inputs, option3, option4, signal_store]


def under_gunicorn(browser, app):
    # A global variable is right for one person with one worker alone.
    workers = "1" if app is global_variable else "4"
    with tempfile.TemporaryDirectory() as data:
        more = {"SESSIONS": data + "/sessions", "CACHE": data + "/cache", "SECONDS_TO_COMPUTE": "0.1"}
        command = [sys.executable, "-m", "gunicorn", "--workers", workers, "--bind", "127.0.0.1:0"]
        with program(*command, f"{app.__name__}:server", says="Listening at: ", cwd=HERE, env={**os.environ, **more}) as address:
            browser.open(address)
            app(browser)


@contextlib.contextmanager
def served(server):
    import logging

    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)

    listening = make_server("127.0.0.1", 0, server, threaded=True)
    threading.Thread(target=listening.serve_forever).start()
    try:
        yield f"http://127.0.0.1:{listening.port}/"
    finally:
        listening.shutdown()


def walked_both_ways(browser):
    """The page `option2_inputs`: its callbacks are answered by one side, and called by the client of the other."""
    import dash
    from flask import Response, request

    def passed_on(rust):
        call = urllib.request.Request(rust + request.full_path.rstrip("?"), request.get_data() or None)
        for name in ["Content-Type", "Accept"]:
            if name in request.headers:
                call.add_header(name, request.headers[name])
        answer = urllib.request.urlopen(call)
        headers = {name: answer.headers[name] for name in ["Content-Type", "Content-Security-Policy"] if name in answer.headers}
        return Response(answer.read(), answer.status, headers)

    with program(str(RUST), "--bind", "127.0.0.1:0", says="listening on ") as rust:
        foreign = dash.Dash("foreign")
        foreign.layout = dash.html.Div()
        calls = []

        @foreign.server.before_request
        def to_rust():
            if request.path.startswith(("/_dash-layout", "/_dash-dependencies", "/_dash-update")):
                calls.append(request.path)
                return passed_on(rust)

        with served(foreign.server) as address:
            browser.open(address)
            option2_inputs(browser)
        assert calls.count("/_dash-update-component") >= 2, calls

        # Not before: the first app that serves takes all callbacks that are registered.
        sys.path.insert(0, str(HERE))
        from option2_inputs import server as dash_server

        here = []

        @dash_server.before_request
        def from_rust():
            here.append(request.path)
            if request.path == "/" or request.path.startswith("/assets/"):
                answer = passed_on(rust)
                for id in ["layout", "dependencies"] if request.path == "/" else []:
                    text = dash_server.test_client().get(f"/_dash-{id}").get_data(as_text=True)
                    page = answer.get_data(as_text=True)
                    start = page.index(">", page.index(f'id="_dash-{id}"')) + 1
                    answer.set_data(page[:start] + text.replace("<", "\\u003c") + page[page.index("</script>", start) :])
                return answer

        with served(dash_server) as address:
            browser.open(address)
            option2_inputs(browser)
        assert here.count("/_dash-update-component") >= 2, here


def main():
    with program("chromedriver", "--port=0", says="started successfully on port ") as port:
        browser = Browser(port)
        try:
            for app in APPS:
                under_gunicorn(browser, app)
                print(f"ok: {app.__name__} under gunicorn")
            walked_both_ways(browser)
            print("ok: Dash's client on the server in Rust, and the client of this project on Dash's server")
        finally:
            browser.quit()


if __name__ == "__main__":
    main()
