//! Every kind of mistake, each in a chapter of its own.

use crate::small::{SECOND, SmallBook};

/// A chapter, what it has instead, and the line and the beginning of what is found in it.
const IN_CHAPTERS: &str = r#"
# Second => # Other =>1: the chapter begins with `# Second`
**The reader can run it.** => The reader can run it. =>3: below the title stands the goal
**The reader can run it.** => **The reader** can **run it.** =>3: below the title stands the goal
You need => Have =>5: below the goal stands a paragraph
See [why] => # More\n\nSee [why] =>28: a second title
## Why\n => =>31: expected `## Why`, found `## With eight workers`
## Why\n => ## Because\n =>26: expected `## Why`, found `## Because`
## When to use it, and when not\n => =>44: expected `## When to use it, and when not`, found nothing
second.txt}}\n => second.txt}}\n$ rm -r /\n =>9: a `console` block holds one include of docs/transcripts/
{{#include ../transcripts/second.txt}} => $ cargo xtask run second =>9: a `console` block holds one include
rust,ignore => rust =>22: a `rust` block with an include is `rust,ignore`
rust,ignore => toml,ignore =>22: a `toml,ignore` block is unknown
rust,ignore => =>22: a `` block is unknown
rust,ignore\n{{#include ../../tutorials/second/src/lib.rs:app}} => toml\na = 1 =>22: a `toml` block holds one include of a real file
{{#include ../../tutorials/second/src/lib.rs:app}} => fn copied() {} =>22: a `rust,ignore` block holds one include of a Rust file
See [why] => &#32;\n\n    indented\n\nSee [why] =>30: an indented code block
lib.rs:app}} => lib.rs:gone}} =>23: tutorials/second/src/lib.rs has no anchor `gone`; it has ["app"]
lib.rs:app}} => gone.rs}} =>23: cannot include tutorials/second/src/gone.rs: 
images/drawing.svg => ../../../a.svg =>30: `../../../a.svg` leads out of the repository
{{#include images => See {{#include images =>30: only `{{#include path}}` or `{{#include path:anchor}}` is known here
{{#include images/drawing.svg}} => {{#playground a.rs}} =>30: only `{{#include path}}`
data-shows="cargo" => data-shows="gone" =>45: docs/transcripts/second.txt does not show "gone"
data-shows="cargo" => =>45: a question has `data-run`
data-shows="cargo"></fieldset> => data-shows="cargo"></fieldset>\n\n<p class="predict" data-run="transcripts/second.txt" data-shows="run"></p> =>1: the chapter asks 4 questions
images/drawing.svg => empty.md =>30: docs/src/empty.md is empty
- It holds.\n  => It holds.\n =>13: `## What you see` has no list
  ([test](../../tests/tests/all.rs#it_holds)) =>   And more. =>17: the item does not end with the test
all.rs#it_holds)) => all.rs#it_holds)) and more =>17: the item does not end with the test
all.rs#it_holds => all.rs =>17: `../../tests/tests/all.rs` is no test
all.rs#it_holds => all.rs#helper =>17: `helper` in tests/tests/all.rs is no test that runs: it has neither
all.rs#it_holds => all.rs#it_waits =>17: `it_waits` in tests/tests/all.rs is no test that runs: it is ignored
all.rs#it_holds => lost/a.rs#it_holds =>17: no program runs tests/tests/lost/a.rs
`cargo xtask run\nsecond --workers 8` => `cargo xtask run third` =>34: no transcript runs `cargo xtask run third`
`cargo xtask run\nsecond --workers 8` => `cargo xtask run ID` =>34: no transcript runs `cargo xtask run ID`
[by name][n] => [by name][m] =>28: `[m]` is defined nowhere
first.md#why => gone.md =>28: `gone.md` leads to no file of the book
first.md#why => first.md#gone =>28: `first.md#gone` leads to no place in first.html
first.md#why => #gone =>28: `#gone` leads to no place in 
first.md#why => empty.md =>28: `empty.md` leads to no file
first.md#why => ../../tests =>28: `../../tests` leads to no file
first.md#why => /etc/passwd =>28: `/etc/passwd` leads to no file
first.md#why => ../../../secret =>28: `../../../secret` leads to no file
first.md#why => ../../tests/tests/all.rs#gone =>28: `../../tests/tests/all.rs#gone` leads to no place in source/tests/tests/all.rs.html
first.md#why => ../../tests/tests/all.rs#L2 =>28: `../../tests/tests/all.rs#L2` names a line
first.md#why => ../book.toml#build =>28: `../book.toml#build` leads to no place
first.md#why => http://example.org =>28: `http://example.org` is no `https://` address
![The `<page>`] => ![] =>15: `screens/second
(screens/second.png) => (../../tests/tests/all.rs) =>15: `../../tests/tests/all.rs` leads to no file
See [why] => <img alt='x' src='gone.png'> See [why] => `gone.png` leads to no file
See [why] => <script src='//example.org/a.js'></script> See [why] => `//example.org/a.js` in <script> asks another host
"#;

/// What is found elsewhere.
const ELSEWHERE: [&str; 12] = [
    "docs/src/loop.md:1: includes lie too deep in one another",
    "docs/src/part.md:3: `screens/alone-dark.png` leads to no file of the book",
    "docs/src/part.md:3: `gone.md` leads to no file of the book",
    "docs/src/images/lost.svg: no chapter includes this",
    "docs/src/screens/alone-dark.png: a chapter needs this",
    "docs/src/screens/alone.txt: a chapter needs this",
    "docs/src/screens/lost.txt: no chapter shows this screenshot",
    "docs/transcripts/lost.txt: no chapter includes this",
    "tutorials/second/src/more.rs:1: no chapter includes the anchor `lost`",
    "tutorials/second/src/more.rs:3: the anchor `open` is never closed",
    "tutorials/second/src/more.rs:4: the anchor `open` is opened a second time",
    "tutorials/second/src/more.rs:5: the anchor `shut` is closed and was never opened",
];

const FILES: &str = r#"
== docs/src/empty.md
== docs/src/loop.md
{{#include loop.md}}
== docs/src/part.md
One.

Two [x](gone.md) ![Alone](screens/alone.png)
== docs/src/images/lost.svg
== docs/src/screens/alone.png
== docs/src/screens/lost.txt
== docs/transcripts/lost.txt
== tests/tests/lost/a.rs
#[test]
fn it_holds() {}
== tutorials/second/src/more.rs
// ANCHOR: lost
// ANCHOR_END: lost
// ANCHOR: open
// ANCHOR: open
// ANCHOR_END: shut
"#;

#[test]
fn each_mistake_is_found_in_its_line_and_nothing_else_is() {
    let book = SmallBook::new();
    book.write_all(FILES);
    let mut expected = ELSEWHERE.map(str::to_owned).to_vec();
    let mut summary =
        String::from("- [First](first.md)\n- [Second](second.md)\n- [Reference](reference.md)\n");
    let reference = SECOND
        .replace("# Second", "# Reference")
        .replace("run\nsecond --workers 8`", "run ID [--workers N]`")
        .replace("See", "{{#include part.md}}\n{{#include loop.md}}\nSee");
    book.write("docs/src/reference.md", &reference);

    for (number, row) in IN_CHAPTERS.trim().lines().enumerate() {
        let row = row.replace(r"\n", "\n");
        let parts: Vec<&str> = row.split("=>").collect();
        let [from, to, found] = parts[..] else {
            panic!("{row} has not three parts")
        };
        let from = from.trim_end_matches(' ');
        assert!(SECOND.contains(from), "no chapter has {from:?}");
        let to = to.trim_matches(' ');
        let file = format!("docs/src/mistake{number:02}.md");
        book.write(&file, &SECOND.replacen(from, to, 1));
        summary += &format!("- [Second](mistake{number:02}.md)\n");
        expected.push(format!("{file}:{found}"));
    }
    book.write("docs/src/SUMMARY.md", &summary);

    let (code, text) = book.run(&["build", "--draft"]);
    assert_eq!(code, Some(1), "{text}");
    let places = ["docs/", "tutorials/"];
    let is_finding = |line: &&str| places.iter().any(|place| line.starts_with(place));
    let mut unexpected: Vec<&str> = text.lines().filter(is_finding).collect();
    let mut missed = expected.clone();
    missed.retain(|start| !unexpected.iter().any(|line| line.starts_with(start)));
    unexpected.retain(|line| !expected.iter().any(|start| line.starts_with(start)));
    assert!(
        unexpected.is_empty() && missed.is_empty(),
        "not expected: {unexpected:#?}\nnot found: {missed:#?}"
    );
}
