//! HTML, with the parser that mdBook has: what a page of the book names and links; and texts on their way into one.

use std::{cell::RefCell, collections::HashSet};

use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
    states::RawKind,
};

/// A page as a reader's links and a reader's browser take it.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) ids: HashSet<String>,
    pub(crate) addresses: Vec<Address>,
}

/// Something that a tag of a page points to.
#[derive(Debug)]
pub(crate) struct Address {
    pub(crate) tag: String,
    pub(crate) value: String,
    /// Whether it is an image without words for those who do not see it.
    pub(crate) lacks_words: bool,
}

impl Page {
    /// Parses a page. The inside of scripts and styles is left out.
    pub(crate) fn of(html: &str) -> Self {
        let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
        let queue = BufferQueue::default();
        queue.push_back(html.into());
        // A script never asks for anything here, so that one call reads all.
        let _ = tokenizer.feed(&queue);
        tokenizer.end();
        tokenizer.sink.0.into_inner()
    }

    fn add(&mut self, tag: &Tag) {
        let attribute = |name: &str| {
            let mut attributes = tag.attrs.iter();
            let found = attributes.find(|attribute| &*attribute.name.local == name)?;
            Some(found.value.to_string())
        };
        self.ids.extend(attribute("id"));
        let alternative = attribute("alt").unwrap_or_default();
        for value in ["href", "src", "action"].into_iter().filter_map(attribute) {
            self.addresses.push(Address {
                tag: tag.name.to_string(),
                value,
                lacks_words: &*tag.name == "img" && alternative.trim().is_empty(),
            });
        }
    }
}

#[derive(Default)]
struct Sink(RefCell<Page>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        if let Token::TagToken(tag) = token
            && tag.kind == TagKind::StartTag
        {
            self.0.borrow_mut().add(&tag);
            match &*tag.name {
                "script" => return TokenSinkResult::RawData(RawKind::ScriptData),
                "style" => return TokenSinkResult::RawData(RawKind::Rawtext),
                _ => {}
            }
        }
        TokenSinkResult::Continue
    }
}

/// Text for the inside of an element or of a quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('"', "&quot;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}
