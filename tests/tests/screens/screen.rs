//! A picture of a page, light and dark, and the text that says whether it is still true.

use std::{env, fs, path::Path};

use harness::{Emulated, Page, without_chance};
use serde_json::Value;

/// Where the book's pictures are.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/src/screens");

/// How wide a page is in the pictures: the book's column, with a little room.
const WIDTH: u32 = 960;

/// How high it is while something is done on it. The picture is as high as the page.
const HEIGHT: u32 = 640;

/// How high a picture may be, and how low.
const HEIGHTS: (u64, u64) = (480, 1200);

/// A picture is a little sharper than the page is wide, for screens whose pixels are small.
const SCALE: f64 = 1.5;

/// The styles and scripts of the page, by their addresses, which have a hash of their content in them.
const LOOK: &str = "Array.from(document.querySelectorAll('link[rel=stylesheet], head script[src]'),
    (element) => element.getAttribute('href') ?? element.getAttribute('src')).join(' ')";

/// What is to be read on the page: its text as it is laid out, and what is in the fields.
const TEXT: &str =
    "document.body.innerText + '\\n' + Array.from(document.querySelectorAll('input, select'),
    (field) => `(in the field ${field.id}: ${field.value})`).join('\\n')";

/// A picture that the book shows.
pub(crate) struct Screen {
    name: &'static str,
    /// Elements whose text is different each time, and what stands for it.
    chance: Vec<(&'static str, &'static str)>,
}

impl Screen {
    /// The picture `docs/src/screens/NAME.png`, as which the page looks from now on.
    ///
    /// Who answered a call, and when, is different each time on every page.
    pub(crate) async fn new(name: &'static str, page: &Page) -> Self {
        page.emulate(&emulated(HEIGHT, false)).await;
        let chance = vec![(".stage-body", "<the stage>")];
        Self { name, chance }
    }

    /// The text of the elements that `selector` finds is different each time: `meaning` is what can be said of it.
    pub(crate) fn chance(mut self, selector: &'static str, meaning: &'static str) -> Self {
        self.chance.push((selector, meaning));
        self
    }

    /// Compares what is to be read on the page with what the book shows; or, to bless it, makes the pictures anew.
    ///
    /// Pictures are not compared: two machines draw no letter alike. That the text and the styles are the same is enough.
    pub(crate) async fn show(&self, page: &Page) {
        let needed = page.execute("document.documentElement.scrollHeight").await;
        let needed = needed.as_u64().unwrap_or_default();
        let height = needed.clamp(HEIGHTS.0, HEIGHTS.1) as u32;
        let mut pictures = Vec::new();
        for (dark, suffix) in [(false, ""), (true, "-dark")] {
            page.emulate(&emulated(height, dark)).await;
            pictures.push((format!("{}{suffix}.png", self.name), page.picture().await));
        }
        let text = self.text(page).await;
        let file = format!("{}.txt", self.name);
        let is = |name: &str| Path::new(FOLDER).join(name).is_file();
        let known = fs::read_to_string(Path::new(FOLDER).join(&file)).unwrap_or_default();
        let is_true = known == text && pictures.iter().all(|(name, _)| is(name));
        if env::var_os("BLESS_BOOK").is_none_or(|value| value != "1") {
            assert!(
                is_true,
                "{file} is no longer what the page says, or its pictures are missing.\nThe book:\n{known}\nThis run:\n{text}\n\
                 If the change is meant, run `cargo xtask docs --bless` and look at the pictures."
            );
        } else if !is_true {
            // The text last: should something fail before, the next run begins again.
            for (name, picture) in pictures {
                write(&name, &picture);
            }
            write(&file, text.as_bytes());
        }
    }

    /// What determines how the page looks, and what is to be read on it.
    async fn text(&self, page: &Page) -> String {
        for (selector, meaning) in &self.chance {
            let (selector, meaning) = (Value::from(*selector), Value::from(*meaning));
            let replace = format!(
                "document.querySelectorAll({selector}).forEach((element) => element.textContent = {meaning})"
            );
            page.execute(&replace).await;
        }
        let look = text(&page.execute(LOOK).await);
        let seen = text(&page.execute(TEXT).await);
        let lines = without_chance(&seen);
        let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
        let lines = lines.collect::<Vec<_>>().join("\n");
        format!("look: {look}\n\n{lines}\n")
    }
}

fn emulated(height: u32, dark: bool) -> Emulated {
    Emulated {
        width: WIDTH,
        height,
        scale: SCALE,
        dark,
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn write(name: &str, content: &[u8]) {
    let path = Path::new(FOLDER).join(name);
    fs::write(&path, content)
        .unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
}
