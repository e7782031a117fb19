//! What axe-core finds on the pages, with the stage open: nothing.

use std::{fs, path::Path, process::Command};

use harness::{App, Browser, Emulated};
use serde_json::json;

harness::tests! {
    Several: axe_finds_nothing_on_any_page,
}

const CLIENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/callbacks/client");

const APPS: [&str; 6] = [
    "frontend-backend",
    "global-variable",
    "option1",
    "option2-inputs",
    "option3",
    "option4",
];

/// The source of axe-core, of the version that the client's `package.json` names. It is installed into a folder of its own, because
/// another suite may be installing the client's tools.
fn axe() -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("axe");
    fs::create_dir_all(&folder).expect("a folder for axe-core");
    let lock = "package-lock.json";
    let same = |name: &str| {
        fs::read(folder.join(name)).ok() == fs::read(Path::new(CLIENT).join(name)).ok()
    };
    if !same(lock) {
        for name in ["package.json", lock] {
            fs::copy(Path::new(CLIENT).join(name), folder.join(name))
                .expect("the client's list of tools");
        }
        let mut npm = Command::new("npm");
        let installed = npm
            .args(["ci", "--no-audit", "--no-fund", "--silent"])
            .current_dir(&folder)
            .status();
        if !installed
            .as_ref()
            .is_ok_and(std::process::ExitStatus::success)
        {
            let _ = fs::remove_file(folder.join(lock));
            panic!("npm could not install axe-core ({installed:?}): is there a network?");
        }
    }
    fs::read_to_string(folder.join("node_modules/axe-core/axe.min.js"))
        .expect("axe-core is installed")
}

async fn axe_finds_nothing_on_any_page(browser: &Browser, workers: usize) {
    let axe = tokio::task::spawn_blocking(axe).await.expect("axe-core");
    for id in APPS {
        let mut start = App::start(id).workers(workers);
        if id == "option4" {
            start = start.options(["--compute-seconds", "0"]);
        }
        let app = start.await;
        let page = browser.open(&app).await;
        page.settled().await;
        if id != "frontend-backend" && id != "option2-inputs" && id != "option3" {
            page.type_text("#input", "x").await;
        }
        // What is empty until a click would be an empty heading.
        page.execute(
            "document.querySelectorAll('main button').forEach((button) => button.click())",
        )
        .await;
        page.settled().await;
        page.wait_until("an open stage", "document.querySelector('.stage-picture')")
            .await;
        page.execute(&format!("void (() => {{ {axe} }})()")).await;
        for (width, dark) in [(1280, false), (1280, true), (360, false)] {
            page.emulate(&Emulated {
                width,
                height: 900,
                scale: 1.0,
                dark,
            })
            .await;
            let found = "axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations.flatMap(
                ({id, nodes}) => nodes.map(({target, failureSummary}) => `${id}: ${target}: ${failureSummary}`)))";
            assert_eq!(
                page.execute(found).await,
                json!([]),
                "{id} at {width}, dark: {dark}"
            );
        }
    }
}
