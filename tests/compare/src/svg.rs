//! A picture as SVG that lies in a page of the book: it takes the page's colours, and says in words what it shows.

use std::fmt::Write as _;

/// The width of every picture, in its own units. On a phone a unit is a little less than a pixel, so that text of 14 can be read.
pub(crate) const WIDTH: f64 = 440.0;

/// A colour of the page, and what stands for it where the picture is looked at alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colour {
    Ink,
    Quiet,
    Line,
    First,
    Second,
}

/// Which end of a text its place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// A picture that grows downwards.
#[derive(Debug)]
pub(crate) struct Svg {
    id: &'static str,
    title: &'static str,
    description: String,
    shapes: String,
}

impl Colour {
    fn css(self) -> &'static str {
        match self {
            Self::Ink => "var(--ink, #1f2329)",
            Self::Quiet => "var(--quiet, #5b6068)",
            Self::Line => "var(--line, #dcd8d0)",
            Self::First => "var(--graph-1, #2f66d0)",
            Self::Second => "var(--graph-2, #c2571a)",
        }
    }
}

impl Anchor {
    fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

impl Svg {
    /// `description` says in sentences what a reader sees in the picture.
    pub(crate) fn new(id: &'static str, title: &'static str, description: String) -> Self {
        Self {
            id,
            title,
            description,
            shapes: String::new(),
        }
    }

    pub(crate) fn line(&mut self, [from, to]: [(f64, f64); 2], width: f64, colour: Colour) {
        let _ = writeln!(
            self.shapes,
            r#"<line x1="{:.1}" y1="{:.1}" x2="{:.1}" y2="{:.1}" stroke-width="{width}" style="stroke: {}"/>"#,
            from.0,
            from.1,
            to.0,
            to.1,
            colour.css()
        );
    }

    pub(crate) fn circle(&mut self, (x, y): (f64, f64), radius: f64, colour: Colour) {
        let _ = writeln!(
            self.shapes,
            r#"<circle cx="{x:.1}" cy="{y:.1}" r="{radius}" style="fill: {}"/>"#,
            colour.css()
        );
    }

    pub(crate) fn text(
        &mut self,
        (x, y): (f64, f64),
        size: f64,
        anchor: Anchor,
        colour: Colour,
        text: &str,
    ) {
        let weight = if colour == Colour::Ink { 600 } else { 400 };
        let _ = writeln!(
            self.shapes,
            r#"<text x="{x:.1}" y="{y:.1}" font-size="{size}" font-weight="{weight}" text-anchor="{}" style="fill: {}">{}</text>"#,
            anchor.name(),
            colour.css(),
            escaped(text)
        );
    }

    /// The element, for a page's Markdown: its first line is a whole tag and no line is empty, or Markdown would take it for text.
    pub(crate) fn finish(self, height: f64) -> String {
        let Self {
            id,
            title,
            description,
            shapes,
        } = self;
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{id}-title {id}-desc" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif" style="display: block; width: 100%; max-width: 38rem; height: auto; font-variant-numeric: tabular-nums">
<title id="{id}-title">{}</title>
<desc id="{id}-desc">{}</desc>
{shapes}</svg>
"#,
            escaped(title),
            escaped(&description)
        )
    }
}

/// A scale on which equal distances are equal factors.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LogScale {
    /// The powers of ten at both ends.
    decades: (i32, i32),
    /// Where they are.
    ends: (f64, f64),
}

impl LogScale {
    /// From the power of ten at or below the least value to the one at or above the greatest.
    pub(crate) fn of(values: impl Iterator<Item = f64> + Clone, ends: (f64, f64)) -> Self {
        let least = values.clone().fold(f64::INFINITY, f64::min);
        let greatest = values.fold(f64::MIN_POSITIVE, f64::max);
        let below = least.log10().floor() as i32;
        let above = greatest.log10().ceil() as i32;
        Self {
            decades: (below, above.max(below + 1)),
            ends,
        }
    }

    /// Where a value is.
    pub(crate) fn place(self, value: f64) -> f64 {
        let (from, to) = (f64::from(self.decades.0), f64::from(self.decades.1));
        let part = (value.log10() - from) / (to - from);
        self.ends.0 + part * (self.ends.1 - self.ends.0)
    }

    /// The powers of ten on it.
    pub(crate) fn ticks(self) -> impl Iterator<Item = f64> {
        (self.decades.0..=self.decades.1).map(|power| 10f64.powi(power))
    }
}

/// How wide a text is at most, roughly: its font is the reader's.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    text.chars().count() as f64 * size * 0.58
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// What is wrong with the nesting of the elements of a text that is to be XML, without comments and the like.
    pub(crate) fn mistake(xml: &str) -> Option<String> {
        let mut open: Vec<&str> = Vec::new();
        for piece in xml.split('<').skip(1) {
            let Some((tag, text)) = piece.split_once('>') else {
                return Some(format!("<{piece} does not end"));
            };
            if tag.matches('"').count() % 2 == 1
                || text
                    .replace("&amp;", "")
                    .replace("&lt;", "")
                    .replace("&gt;", "")
                    .contains('&')
            {
                return Some(format!("<{piece} is not well-formed"));
            }
            let name = tag
                .trim_start_matches('/')
                .split([' ', '/'])
                .next()
                .unwrap_or_default();
            match (tag.starts_with('/'), tag.ends_with('/')) {
                (true, _) if open.pop() != Some(name) => {
                    return Some(format!("</{name}> ends something else"));
                }
                (true, _) | (false, true) => {}
                (false, false) => open.push(name),
            }
        }
        open.pop()
            .map(|name| format!("<{name}> is open at the end"))
    }

    #[test]
    fn a_picture_is_one_well_formed_element_without_an_empty_line() {
        let mut svg = Svg::new("id", "Costs & times", "1 < 2.".to_owned());
        svg.text((1.0, 2.0), 14.0, Anchor::End, Colour::Ink, "a <b> & c");
        svg.line([(0.0, 0.0), (1.0, 1.0)], 1.5, Colour::Line);
        svg.circle((0.0, 0.0), 3.0, Colour::First);
        let text = svg.finish(100.0);
        assert_eq!(mistake(&text), None, "{text}");
        assert!(text.lines().all(|line| !line.trim().is_empty()));
        assert!(
            text.lines()
                .next()
                .is_some_and(|line| line.starts_with("<svg") && line.ends_with('>'))
        );
        assert!(
            text.contains("<desc id=\"id-desc\">1 &lt; 2.</desc>"),
            "{text}"
        );
    }

    #[test]
    fn a_mistake_in_the_nesting_is_found() {
        for wrong in [
            "<a><b></a></b>",
            "<a>",
            "<a>x & y</a>",
            "<a b=\"c></a>",
            "<a",
        ] {
            assert!(mistake(wrong).is_some(), "{wrong}");
        }
        assert_eq!(mistake("<a b=\"c\"><d/>x &amp; y</a>"), None);
    }

    #[test]
    fn a_factor_of_ten_is_the_same_distance_everywhere() {
        let scale = LogScale::of([0.3, 150.0].into_iter(), (0.0, 400.0));
        assert_eq!(scale.ticks().count(), 5);
        assert_eq!(scale.place(0.1), 0.0);
        assert_eq!(scale.place(1000.0), 400.0);
        assert!((scale.place(10.0) - 200.0).abs() < 1e-9);
    }
}
