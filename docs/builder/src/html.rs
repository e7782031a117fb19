//! HTML that mdBook has written: its tags and their attributes, and texts on their way into it.

/// An attribute of a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attribute<'a> {
    pub(crate) tag: &'a str,
    pub(crate) name: &'a str,
    /// As it is written, between its quotes.
    pub(crate) value: &'a str,
    /// Where the value begins.
    pub(crate) at: usize,
}

/// The attributes of all tags outside of scripts and styles. Those without a quoted value are left out: mdBook quotes all.
pub(crate) fn attributes(html: &str) -> Vec<Attribute<'_>> {
    let mut attributes = Vec::new();
    let mut at = 0;
    while let Some(open) = html[at..].find('<').map(|found| at + found) {
        at = open + 1;
        if html[open..].starts_with("<!--") {
            at = html[open..]
                .find("-->")
                .map_or(html.len(), |end| open + end);
            continue;
        }
        let length = html[at..]
            .find(|char: char| !char.is_alphanumeric() && char != '-')
            .unwrap_or(0);
        let tag = &html[at..at + length];
        if tag.is_empty() {
            continue;
        }
        at = tag_attributes(html, tag, at + length, &mut attributes);
        if tag == "script" || tag == "style" {
            let end = format!("</{tag}");
            at = html[at..].find(&end).map_or(html.len(), |found| at + found);
        }
    }
    attributes
}

/// Reads from behind a tag's name to behind its `>`.
fn tag_attributes<'a>(
    html: &'a str,
    tag: &'a str,
    start: usize,
    attributes: &mut Vec<Attribute<'a>>,
) -> usize {
    let mut at = start;
    loop {
        let Some(stop) = html[at..].find(['>', '"']).map(|found| at + found) else {
            return html.len();
        };
        if html.as_bytes()[stop] == b'>' {
            return stop + 1;
        }
        let value = stop + 1;
        let Some(end) = html[value..].find('"').map(|found| value + found) else {
            return html.len();
        };
        let before = html[at..stop].trim_end_matches(['=', ' ']);
        let name = before
            .rsplit(|char: char| char.is_whitespace())
            .next()
            .unwrap_or_default();
        attributes.push(Attribute {
            tag,
            name,
            value: &html[value..end],
            at: value,
        });
        at = end + 1;
    }
}

/// Text for the inside of an element or of a quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// What an attribute's value stands for.
pub(crate) fn unescape(value: &str) -> String {
    value
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_found_but_not_in_scripts_and_comments() {
        let html = "<!-- <a href=\"0\"> --><a class=\"b c\" href=\"1\">x &lt; y</a><script src=\"2\">if (a < b) c = '<a href=\"3\">';</script><img alt=\"\" src = \"4\">";
        let found: Vec<_> = attributes(html)
            .into_iter()
            .map(|attribute| (attribute.tag, attribute.name, attribute.value))
            .collect();
        let expected = [
            ("a", "class", "b c"),
            ("a", "href", "1"),
            ("script", "src", "2"),
            ("img", "alt", ""),
            ("img", "src", "4"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_escaped_comes_back() {
        let text = "a < b && \"c\" > d";
        assert_eq!(unescape(&escape(text)), text);
        assert!(!escape(text).contains(['<', '>', '"']));
    }
}
