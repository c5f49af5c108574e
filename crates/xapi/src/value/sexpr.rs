//! S-expressions: the text of sets and maps (`formats/pool-db.md` section 4). Reading follows the lexer of xapi
//! (`ocaml/libs/sexpr/sExprLexer.mll`) in all it takes, its preference for the longest token included; writing follows
//! the database's own writer (`ocaml/database/string_marshall_helper.ml`).

use std::borrow::Cow;

/// One expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sexpr<'a> {
    /// A bare word. xapi refuses it as a member of a set or a map.
    Symbol(&'a str),
    /// A quoted string, escapes resolved.
    String(Cow<'a, str>),
    /// A list.
    Node(Vec<Sexpr<'a>>),
}

/// Why a text is no expression, or not the one that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SexprError {
    /// The text ends inside an expression, or before one.
    #[error("the text ends before the expression does")]
    Unfinished,
    /// A `)` where an expression should start.
    #[error("a `)` that closes nothing")]
    UnexpectedClose,
    /// A `"` that is not closed.
    #[error("a double quote that is not closed")]
    UnclosedQuote,
    /// Lists nest deeper than [`MAX_DEPTH`].
    #[error("lists nest too deep")]
    TooDeep,
    /// Not a list of quoted strings.
    #[error("not a list of quoted strings")]
    NotASet,
    /// Not a list of pairs of quoted strings.
    #[error("not a list of pairs of quoted strings")]
    NotAMap,
}

/// How deep lists may nest. xapi's own values stay below four; the bound keeps dropping a value from recursing as deep
/// as its text says.
pub const MAX_DEPTH: usize = 128;

/// Reads the first expression of a text. What follows it is ignored, as xapi does.
///
/// ```
/// use xenspect_xapi::value::sexpr::{self, Sexpr};
/// assert_eq!(
///     sexpr::parse("(a 'it\\'s') rest")?,
///     Sexpr::Node(vec![Sexpr::Symbol("a"), Sexpr::String("it's".into())])
/// );
/// # Ok::<(), sexpr::SexprError>(())
/// ```
pub fn parse(text: &str) -> Result<Sexpr<'_>, SexprError> {
    let mut lexer = Lexer::new(text);
    let mut open: Vec<Vec<Sexpr<'_>>> = Vec::new();
    loop {
        let done = match lexer.token()? {
            Token::Open if open.len() >= MAX_DEPTH => return Err(SexprError::TooDeep),
            Token::Open => {
                open.push(Vec::new());
                continue;
            }
            Token::Close => Sexpr::Node(open.pop().ok_or(SexprError::UnexpectedClose)?),
            Token::Symbol(text) => Sexpr::Symbol(text),
            Token::String(text) => Sexpr::String(unescape(text)),
            Token::End => return Err(SexprError::Unfinished),
        };
        match open.last_mut() {
            Some(list) => list.push(done),
            None => return Ok(done),
        }
    }
}

/// Reads a set: `('a' 'b')`.
pub fn decode_set(text: &str) -> Result<Vec<Cow<'_, str>>, SexprError> {
    let mut lexer = Lexer::new(text);
    lexer.open(SexprError::NotASet)?;
    let mut items = Vec::new();
    loop {
        match lexer.token()? {
            Token::String(text) => items.push(unescape(text)),
            Token::Close => return Ok(items),
            Token::End => return Err(SexprError::Unfinished),
            Token::Open | Token::Symbol(_) => return Err(SexprError::NotASet),
        }
    }
}

/// A key and its value.
pub type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// Reads a map: `(('k' 'v') ('k2' 'v2'))`, in the order of the text. Keys are not checked to be unique.
pub fn decode_map(text: &str) -> Result<Vec<Pair<'_>>, SexprError> {
    let mut lexer = Lexer::new(text);
    lexer.open(SexprError::NotAMap)?;
    let mut pairs = Vec::new();
    loop {
        match lexer.token()? {
            Token::Open => {
                let key = lexer.string()?;
                let value = lexer.string()?;
                match lexer.token()? {
                    Token::Close => pairs.push((key, value)),
                    Token::End => return Err(SexprError::Unfinished),
                    _ => return Err(SexprError::NotAMap),
                }
            }
            Token::Close => return Ok(pairs),
            Token::End => return Err(SexprError::Unfinished),
            Token::String(_) | Token::Symbol(_) => return Err(SexprError::NotAMap),
        }
    }
}

/// Writes a set as releases of today do.
///
/// ```
/// assert_eq!(xenspect_xapi::value::sexpr::encode_set(["a", "it's"]), r"('a' 'it\'s')");
/// ```
pub fn encode_set<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    Quoting::Current.set(items)
}

/// Writes a map as releases of today do, pairs in the order given.
///
/// ```
/// assert_eq!(xenspect_xapi::value::sexpr::encode_map([("k", "v"), ("", "")]), "(('k' 'v') ('' ''))");
/// ```
pub fn encode_map<K: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (K, V)>) -> String {
    Quoting::Current.map(pairs)
}

/// What a writer puts a backslash before, between its single quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quoting {
    /// `\` and `'`: releases of today.
    Current,
    /// `"` too: all dumps seen from 5.1 to 6.1. In which release it stopped is not known.
    DoubleQuotesToo,
}

impl Quoting {
    /// The quoting that a text shows. One without any double quote shows none and counts as current.
    pub fn of(text: &str) -> Quoting {
        match text.contains("\\\"") {
            true => Quoting::DoubleQuotesToo,
            false => Quoting::Current,
        }
    }

    /// Writes a set.
    pub fn set<T: AsRef<str>>(self, items: impl IntoIterator<Item = T>) -> String {
        let mut out = String::from("(");
        for item in items {
            separate(&mut out);
            self.quote_into(item.as_ref(), &mut out);
        }
        out.push(')');
        out
    }

    /// Writes a map, pairs in the order given.
    pub fn map<K: AsRef<str>, V: AsRef<str>>(
        self,
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> String {
        let mut out = String::from("(");
        for (key, value) in pairs {
            separate(&mut out);
            out.push('(');
            self.quote_into(key.as_ref(), &mut out);
            out.push(' ');
            self.quote_into(value.as_ref(), &mut out);
            out.push(')');
        }
        out.push(')');
        out
    }

    pub(crate) fn quote_into(self, text: &str, out: &mut String) {
        let escaped: &[char] = match self {
            Quoting::Current => &['\'', '\\'],
            Quoting::DoubleQuotesToo => &['\'', '\\', '"'],
        };
        out.push('\'');
        let mut rest = text;
        while let Some(at) = rest.find(escaped) {
            let (plain, tail) = rest.split_at(at);
            out.push_str(plain);
            out.push('\\');
            let (character, after) = tail.split_at_checked(1).unwrap_or_default();
            out.push_str(character);
            rest = after;
        }
        out.push_str(rest);
        out.push('\'');
    }
}

fn separate(out: &mut String) {
    if out.len() > 1 {
        out.push(' ');
    }
}

/// Drops each backslash and keeps what follows it. One at the very end stays.
fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.push(chars.next().unwrap_or('\\')),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

enum Token<'a> {
    Open,
    Close,
    Symbol(&'a str),
    /// The text between the quotes, escapes as they stand.
    String(&'a str),
    End,
}

struct Lexer<'a> {
    rest: &'a str,
    /// No line end follows, so no `;` starts a comment. Kept, or each `;` would be searched to the end of the text.
    no_line_end: bool,
}

impl<'a> Lexer<'a> {
    fn new(text: &'a str) -> Self {
        Lexer {
            rest: text,
            no_line_end: false,
        }
    }

    fn open(&mut self, otherwise: SexprError) -> Result<(), SexprError> {
        match self.token()? {
            Token::Open => Ok(()),
            Token::End => Err(SexprError::Unfinished),
            _ => Err(otherwise),
        }
    }

    fn string(&mut self) -> Result<Cow<'a, str>, SexprError> {
        match self.token()? {
            Token::String(text) => Ok(unescape(text)),
            Token::End => Err(SexprError::Unfinished),
            _ => Err(SexprError::NotAMap),
        }
    }

    /// The longest token that matches; of two equally long ones the first in the order white space, comment, string,
    /// symbol.
    fn token(&mut self) -> Result<Token<'a>, SexprError> {
        loop {
            let Some(&first) = self.rest.as_bytes().first() else {
                return Ok(Token::End);
            };
            let (length, token) = match first {
                b'(' => (1, Token::Open),
                b')' => (1, Token::Close),
                b' ' | b'\t' | b'\n' | b'\r' => {
                    let blank = run(self.rest, |byte| {
                        matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
                    });
                    // CR may also be part of a word.
                    match self.symbol() {
                        (length, symbol) if length > blank => (length, symbol),
                        _ => {
                            self.advance(blank);
                            continue;
                        }
                    }
                }
                b';' => match self.comment() {
                    Some(length) => {
                        self.advance(length);
                        continue;
                    }
                    None => self.symbol(),
                },
                quote @ (b'"' | b'\'') => match (quoted(self.rest, quote), self.symbol()) {
                    (Some(text), (length, _)) if text.len().saturating_add(2) >= length => {
                        (text.len().saturating_add(2), Token::String(text))
                    }
                    (_, (0, _)) => return Err(SexprError::UnclosedQuote),
                    (_, symbol) => symbol,
                },
                _ => self.symbol(),
            };
            self.advance(length);
            return Ok(token);
        }
    }

    fn symbol(&self) -> (usize, Token<'a>) {
        let length = run(self.rest, |byte| {
            !matches!(byte, b'"' | b' ' | b'\t' | b'\n' | b'(' | b')')
        });
        (
            length,
            Token::Symbol(self.rest.get(..length).unwrap_or_default()),
        )
    }

    fn comment(&mut self) -> Option<usize> {
        if self.no_line_end {
            return None;
        }
        let end = memchr::memchr(b'\n', self.rest.as_bytes());
        self.no_line_end = end.is_none();
        end.map(|end| end.saturating_add(1))
    }

    fn advance(&mut self, length: usize) {
        self.rest = self.rest.get(length..).unwrap_or_default();
    }
}

fn run(text: &str, accept: impl Fn(u8) -> bool) -> usize {
    text.bytes()
        .position(|byte| !accept(byte))
        .unwrap_or(text.len())
}

/// The text of the string `text` starts with, up to its first quote that no backslash precedes.
fn quoted(text: &str, quote: u8) -> Option<&str> {
    let body = text.get(1..)?;
    let mut at = 0_usize;
    loop {
        let found = memchr::memchr2(quote, b'\\', body.as_bytes().get(at..)?)?;
        let end = at.saturating_add(found);
        if body.as_bytes().get(end) == Some(&quote) {
            return body.get(..end);
        }
        at = end.saturating_add(2);
    }
}
