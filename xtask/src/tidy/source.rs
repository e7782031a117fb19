//! Rust and JavaScript, split into code, text and comments, so that a rule about code does not trip over a comment.

use std::path::Path;

use crate::files;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Rust,
    JavaScript,
}

/// A source text of which each byte is known to be code, text or comment.
#[derive(Debug)]
pub(super) struct Source {
    text: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Code,
    /// The inside of a string, a character, a template or a regular expression, with its marks.
    Text,
    Comment,
}

impl Language {
    pub(super) fn of(path: &Path) -> Option<Self> {
        if files::has_extension(path, &["rs"]) {
            Some(Self::Rust)
        } else if files::has_extension(path, &["js", "mjs"]) {
            Some(Self::JavaScript)
        } else {
            None
        }
    }
}

impl Source {
    pub(super) fn new(text: &str, language: Language) -> Self {
        let mut lexer = Lexer {
            bytes: text.as_bytes(),
            language,
            parts: Vec::with_capacity(text.len()),
        };
        while lexer.step() {}
        Self {
            text: text.to_owned(),
            parts: lexer.parts,
        }
    }

    /// The code alone. What is left out leaves spaces, so that lines and columns stay.
    pub(super) fn code(&self) -> String {
        self.only(|part| part == Part::Code)
    }

    /// The code with its texts.
    pub(super) fn code_and_texts(&self) -> String {
        self.only(|part| part != Part::Comment)
    }

    /// The comments alone.
    pub(super) fn comments(&self) -> String {
        self.only(|part| part == Part::Comment)
    }

    fn only(&self, wanted: impl Fn(Part) -> bool) -> String {
        let chars = self.text.char_indices();
        chars
            .map(|(at, char)| {
                if char == '\n' || wanted(self.parts[at]) {
                    char
                } else {
                    ' '
                }
            })
            .collect()
    }
}

struct Lexer<'a> {
    bytes: &'a [u8],
    language: Language,
    /// One for each byte that is read.
    parts: Vec<Part>,
}

impl Lexer<'_> {
    /// Reads the next piece; false at the end.
    fn step(&mut self) -> bool {
        let rest = &self.bytes[self.parts.len()..];
        let Some(&first) = rest.first() else {
            return false;
        };
        let (part, length) = if rest.starts_with(b"//") {
            (Part::Comment, line(rest))
        } else if rest.starts_with(b"/*") {
            (Part::Comment, block_comment(rest, self.language))
        } else if first == b'"' {
            (Part::Text, quoted(rest, b'"'))
        } else {
            let special = match self.language {
                Language::Rust => self.rust(rest),
                Language::JavaScript => self.javascript(rest),
            };
            special.map_or((Part::Code, 1), |length| (Part::Text, length))
        };
        let length = length.min(rest.len());
        self.parts.resize(self.parts.len() + length, part);
        true
    }

    /// The length of a raw string or a character.
    fn rust(&self, rest: &[u8]) -> Option<usize> {
        match rest {
            [b'r', ..] if !self.follows(is_word) || self.follows(|byte| byte == b'b') => {
                raw_string(rest)
            }
            [b'\'', b'\\', ..] => Some(quoted(rest, b'\'')),
            // One character between quotes; without the second quote it is a lifetime.
            [b'\'', inner @ ..] => {
                let width = std::str::from_utf8(&inner[..inner.len().min(4)])
                    .map_or_else(|error| &inner[..error.valid_up_to()], str::as_bytes);
                let char = std::str::from_utf8(width).ok()?.chars().next()?.len_utf8();
                (inner.get(char) == Some(&b'\'')).then_some(char + 2)
            }
            _ => None,
        }
    }

    /// The length of a string in other quotes, or of a regular expression.
    fn javascript(&self, rest: &[u8]) -> Option<usize> {
        match rest[0] {
            quote @ (b'\'' | b'`') => Some(quoted(rest, quote)),
            // After a value a slash divides.
            b'/' if !self.follows_value() => Some(regular_expression(rest)),
            _ => None,
        }
    }

    fn follows(&self, wanted: impl Fn(u8) -> bool) -> bool {
        let read = self.parts.len();
        read > 0 && self.parts[read - 1] == Part::Code && wanted(self.bytes[read - 1])
    }

    fn follows_value(&self) -> bool {
        let read = self.bytes.iter().zip(&self.parts);
        let mut before = read
            .rev()
            .filter(|(byte, part)| **part != Part::Comment && !byte.is_ascii_whitespace());
        let Some((&last, part)) = before.next() else {
            return false;
        };
        *part == Part::Text || is_word(last) || matches!(last, b')' | b']')
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn line(rest: &[u8]) -> usize {
    rest.iter()
        .position(|&byte| byte == b'\n')
        .unwrap_or(rest.len())
}

/// Rust's block comments nest, JavaScript's do not.
fn block_comment(rest: &[u8], language: Language) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        let opens = rest[at..].starts_with(b"/*") && (depth == 0 || language == Language::Rust);
        let closes = rest[at..].starts_with(b"*/");
        match (opens, closes) {
            (true, _) => depth += 1,
            (_, true) => depth -= 1,
            _ => {}
        }
        at += if opens || closes { 2 } else { 1 };
        if depth == 0 {
            break;
        }
    }
    at
}

/// From one quote to the next that is not escaped.
fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != quote {
        at += if rest[at] == b'\\' { 2 } else { 1 };
    }
    at + 1
}

/// `r"…"`, `r#"…"#` and so on; none if it is a name that begins with `r`, or a raw name.
fn raw_string(rest: &[u8]) -> Option<usize> {
    let hashes = rest[1..].iter().take_while(|&&byte| byte == b'#').count();
    let start = 1 + hashes + 1;
    if rest.get(start - 1) != Some(&b'"') {
        return None;
    }
    let end: Vec<u8> = std::iter::once(b'"')
        .chain(std::iter::repeat_n(b'#', hashes))
        .collect();
    let inside = rest[start..]
        .windows(end.len())
        .position(|window| window == end);
    Some(inside.map_or(rest.len(), |length| start + length + end.len()))
}

/// `/…/`, where a slash in brackets does not end it.
fn regular_expression(rest: &[u8]) -> usize {
    let mut at = 1;
    let mut in_brackets = false;
    while at < rest.len() && rest[at] != b'\n' && (rest[at] != b'/' || in_brackets) {
        match rest[at] {
            b'\\' => at += 1,
            b'[' => in_brackets = true,
            b']' => in_brackets = false,
            _ => {}
        }
        at += 1;
    }
    at + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str, language: Language) -> String {
        let code = Source::new(text, language).code();
        code.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn rust_code_is_left_when_comments_and_texts_go() {
        let text = r##"let a = "one \" two"; // three
            /* four /* five */ six */ let b = r#"seven " eight"#; let c = br"nine"; let r#type = 'x';"##;
        assert_eq!(
            code(text, Language::Rust),
            "let a = ; let b = ; let c = b ; let r#type = ;"
        );
    }

    #[test]
    fn a_lifetime_is_code_and_a_character_is_text() {
        let text = "fn a<'a>(b: &'a str) { b == '\\'' || b == 'ü' || b == '\"' }";
        assert_eq!(
            code(text, Language::Rust),
            "fn a<'a>(b: &'a str) { b == || b == || b == }"
        );
    }

    #[test]
    fn javascript_code_is_left_when_comments_texts_and_patterns_go() {
        let text = "const a = 'one' + `two ${b}`; // three\nconst c = /[/'\"]/.test(d) && e / f / g; /* /* four */ h();";
        assert_eq!(
            code(text, Language::JavaScript),
            "const a = + ; const c = .test(d) && e / f / g; h();"
        );
    }

    #[test]
    fn lines_and_columns_stay() {
        let source = Source::new("a // über\n\"b\" c", Language::Rust);
        assert_eq!(source.code(), "a        \n    c");
        assert_eq!(source.comments(), "  // über\n     ");
        assert_eq!(source.code_and_texts(), "a        \n\"b\" c");
    }

    #[test]
    fn what_is_never_closed_goes_to_the_end() {
        for text in ["\"a", "r#\"a\"", "/* a", "'\\", "r\""] {
            assert_eq!(code(text, Language::Rust), "", "{text}");
        }
    }
}
