//! `format % values` for text and bytes.

use super::float::{Style, itoa};
use super::number::{in_base, text_of, to_f64};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::str::{Text, TextBuf, ascii_only, from_buf, from_text, view};
use crate::types::{buffer, bytes, float, ids, int, tuple};

/// `format % values` for a string.
pub fn percent<M: Memory>(t: &mut Thread<M>, format: &Obj<M>, values: &Obj<M>) -> R<M> {
    let out = Job::new(t, view(format).unwrap_or(Text::EMPTY), values, false).run(t)?;
    Ok(from_buf(t, out))
}

/// `format % values` for bytes.
pub fn percent_bytes<M: Memory>(t: &mut Thread<M>, format: &[u8], values: &Obj<M>) -> Result<Vec<u8>, Raise> {
    let wide: Vec<u32>;
    let format = if format.is_ascii() {
        Text::Ascii(format)
    } else {
        wide = format.iter().map(|&b| b as u32).collect();
        Text::Wide(&wide)
    };
    Ok(match Job::new(t, format, values, true).run(t)? {
        TextBuf::Ascii(v) => v,
        TextBuf::Wide(v) => v.into_iter().map(|c| c as u8).collect(),
    })
}

/// Formats below this many characters are searched without help.
const SHORT: usize = 16;

/// Flags, width and precision of one conversion.
#[derive(Default)]
struct Field {
    left: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
}

struct Job<'a, M: Memory> {
    format: Text<'a>,
    pos: usize,
    values: &'a Obj<M>,
    /// The values by position: the items of a tuple or the one value.
    items: &'a [Obj<M>],
    next: usize,
    /// May `%(key)` be used, and need not all values be converted?
    mapping: bool,
    /// The value of the last `%(key)`.
    keyed: Option<Obj<M>>,
    bytes: bool,
    out: TextBuf,
}

impl<'a, M: Memory> Job<'a, M> {
    fn new(t: &Thread<M>, format: Text<'a>, values: &'a Obj<M>, bytes: bool) -> Self {
        let is_tuple = values.cast::<tuple::Tuple<M>>().is_some();
        let text = if bytes { buffer::get(t, values).is_some() } else { view(values).is_some() };
        let mapping = !is_tuple && !text && t.class_of(values).body.slots.getitem.get().is_some();
        Job {
            format,
            pos: 0,
            values,
            items: if is_tuple { tuple::items(values) } else { std::slice::from_ref(values) },
            next: 0,
            mapping,
            keyed: None,
            bytes,
            out: TextBuf::with_capacity(format.len() + 32),
        }
    }

    fn run(mut self, t: &mut Thread<M>) -> Result<TextBuf, Raise> {
        while self.pos < self.format.len() {
            let rest = self.format.slice(self.pos..self.format.len());
            let plain = match rest {
                Text::Ascii(s) if s.len() < SHORT => s.iter().position(|&c| c == b'%'),
                Text::Ascii(s) => memchr::memchr(b'%', s),
                Text::Wide(s) => s.iter().position(|&c| c == 37),
            };
            let plain = plain.unwrap_or(rest.len());
            self.out.push_text(rest.slice(0..plain));
            self.pos += plain;
            if self.pos < self.format.len() {
                self.pos += 1;
                if !self.quick() {
                    self.conversion(t)?;
                }
            }
        }
        if self.next < self.items.len() && !self.mapping {
            let what = if self.bytes { "bytes" } else { "string" };
            let message = format!("not all arguments converted during {what} formatting");
            return Err(t.raise(Kind::TypeError, message));
        }
        Ok(self.out)
    }

    /// `%d` and `%s` without flags, of a small integer or a string; `false` when it is anything else.
    fn quick(&mut self) -> bool {
        let (Some(c), Some(value)) = (self.format.get(self.pos), self.items.get(self.next)) else { return false };
        match (c, value.word().as_int()) {
            _ if self.bytes => return false,
            (100 | 115, Some(i)) => {
                if i < 0 {
                    self.out.push(45);
                }
                self.out.push_ascii(itoa(i.unsigned_abs(), &mut [0; 20]));
            }
            (115, None) if value.shape() == ids::STR => self.out.push_text(view(value).unwrap_or(Text::EMPTY)),
            _ => return false,
        }
        self.pos += 1;
        self.next += 1;
        true
    }

    /// The next character of the format; an error at its end.
    fn char(&mut self, t: &mut Thread<M>) -> Result<u32, Raise> {
        match self.format.get(self.pos) {
            Some(c) => {
                self.pos += 1;
                Ok(c)
            }
            None => Err(t.raise(Kind::ValueError, "incomplete format")),
        }
    }

    fn value(&mut self, t: &mut Thread<M>) -> R<M> {
        if let Some(value) = self.keyed.take() {
            return Ok(value);
        }
        match self.items.get(self.next) {
            Some(value) => {
                self.next += 1;
                Ok(value.clone())
            }
            None => Err(t.raise(Kind::TypeError, "not enough arguments for format string")),
        }
    }

    /// `(key)` behind the percent sign.
    fn key(&mut self, t: &mut Thread<M>) -> Result<(), Raise> {
        if !self.mapping {
            return Err(t.raise(Kind::TypeError, "format requires a mapping"));
        }
        let start = self.pos;
        let mut depth = 1;
        while depth > 0 {
            match self.format.get(self.pos) {
                Some(40) => depth += 1,
                Some(41) => depth -= 1,
                Some(_) => {}
                None => return Err(t.raise(Kind::ValueError, "incomplete format key")),
            }
            self.pos += 1;
        }
        let key = self.format.slice(start..self.pos - 1);
        let key = if self.bytes {
            let key: Vec<u8> = key.chars().map(|c| c as u8).collect();
            bytes::from_slice(t, &key)
        } else {
            from_text(t, key)
        };
        self.keyed = Some(t.getitem(self.values, &key)?);
        // With keys, the mapping counts as converted.
        self.next = self.items.len();
        Ok(())
    }

    /// A number or `*`; `what` names it in the message when it is too big.
    fn number(&mut self, t: &mut Thread<M>, what: &str) -> Result<Option<i64>, Raise> {
        if self.format.get(self.pos) == Some(42) {
            self.pos += 1;
            let value = self.value(t)?;
            if !int::is_int(&value) {
                return Err(t.raise(Kind::TypeError, "* wants int"));
            }
            return match int::to_i64(&value).filter(|v| v.unsigned_abs() <= i32::MAX as u64) {
                Some(v) => Ok(Some(v)),
                None => Err(t.raise(Kind::ValueError, format!("{what} too big"))),
            };
        }
        let mut value = None;
        while let Some(d @ 48..58) = self.format.get(self.pos) {
            let grown = value.unwrap_or(0i64) * 10 + (d - 48) as i64;
            if grown > i32::MAX as i64 {
                return Err(t.raise(Kind::ValueError, format!("{what} too big")));
            }
            value = Some(grown);
            self.pos += 1;
        }
        Ok(value)
    }

    fn conversion(&mut self, t: &mut Thread<M>) -> Result<(), Raise> {
        let mut f = Field::default();
        let mut c = self.char(t)?;
        if c == 40 {
            self.key(t)?;
            c = self.char(t)?;
        }
        loop {
            match c {
                45 => f.left = true,
                43 => f.plus = true,
                32 => f.space = true,
                35 => f.alternate = true,
                48 => f.zero = true,
                _ => break,
            }
            c = self.char(t)?;
        }
        self.pos -= 1;
        if let Some(width) = self.number(t, "width")? {
            f.left |= width < 0;
            f.width = width.unsigned_abs() as usize;
        }
        c = self.char(t)?;
        if c == 46 {
            f.precision = Some(self.number(t, "precision")?.unwrap_or(0).max(0) as usize);
            c = self.char(t)?;
        }
        if matches!(c, 104 | 108 | 76) {
            c = self.char(t)?;
        }
        self.convert(t, c, &f)
    }

    fn convert(&mut self, t: &mut Thread<M>, c: u32, f: &Field) -> Result<(), Raise> {
        let kind = u8::try_from(c).unwrap_or(0);
        if kind == b'%' && !(f.width > 0 || f.precision.is_some()) {
            self.out.push(37);
            return Ok(());
        }
        match kind {
            b's' | b'b' if self.bytes => {
                let value = self.value(t)?;
                let text = self.bytes_of(t, &value)?;
                self.text(Text::Wide(&text), f);
            }
            b's' | b'r' | b'a' => {
                let value = self.value(t)?;
                let text = match kind {
                    b's' => t.str_of(&value)?,
                    b'r' if !self.bytes => t.repr(&value)?,
                    _ => {
                        let repr = t.repr(&value)?;
                        ascii_only(t, repr)
                    }
                };
                self.text(view(&text).unwrap_or(Text::EMPTY), f);
            }
            b'c' => self.character(t, f)?,
            b'd' | b'i' | b'u' | b'o' | b'x' | b'X' => self.integer(t, kind, f)?,
            b'e' | b'E' | b'f' | b'F' | b'g' | b'G' => self.float(t, kind, f)?,
            b'%' => {
                self.value(t)?;
                self.out.push(37);
            }
            _ => return Err(self.unsupported(t, c)),
        }
        Ok(())
    }

    #[cold]
    fn unsupported(&self, t: &mut Thread<M>, c: u32) -> Raise {
        let shown = if (32..127).contains(&c) { c as u8 as char } else { '?' };
        let at = self.pos - 1;
        t.raise(Kind::ValueError, format!("unsupported format character '{shown}' (0x{c:x}) at index {at}"))
    }

    /// Adds text cut to the precision and filled to the width.
    fn text(&mut self, text: Text<'_>, f: &Field) {
        let text = text.slice(0..f.precision.unwrap_or(usize::MAX).min(text.len()));
        let missing = f.width.saturating_sub(text.len());
        self.out.fill(32, if f.left { 0 } else { missing });
        self.out.push_text(text);
        self.out.fill(32, if f.left { missing } else { 0 });
    }

    fn bytes_of(&self, t: &mut Thread<M>, value: &Obj<M>) -> Result<Vec<u32>, Raise> {
        let widen = |b: &[u8]| b.iter().map(|&b| b as u32).collect();
        if let Some(b) = buffer::get(t, value) {
            return Ok(widen(&b));
        }
        if let Some(method) = t.lookup_special(value, "__bytes__")? {
            let made = t.call(&method, &[])?;
            if let Some(b) = bytes::view(&made) {
                return Ok(widen(b));
            }
        }
        let kind = t.class_name(value);
        let message = format!("%b requires a bytes-like object, or an object that implements __bytes__, not '{kind}'");
        Err(t.raise(Kind::TypeError, message))
    }

    fn character(&mut self, t: &mut Thread<M>, f: &Field) -> Result<(), Raise> {
        let value = self.value(t)?;
        let top = if self.bytes { 256 } else { 0x11_0000 };
        let c = if int::is_int(&value) || t.class_of(&value).body.slots.index.get().is_some() {
            let index = t.index(&value)?;
            match int::to_i64(&index).filter(|c| (0..top).contains(c)) {
                Some(c) => c as u32,
                None if self.bytes => return Err(t.raise(Kind::OverflowError, "%c arg not in range(256)")),
                None => return Err(t.raise(Kind::OverflowError, "%c arg not in range(0x110000)")),
            }
        } else if self.bytes {
            match buffer::get(t, &value).as_deref() {
                Some(&[b]) => b as u32,
                _ => {
                    let message = "%c requires an integer in range(256) or a single byte";
                    return Err(t.raise(Kind::TypeError, message));
                }
            }
        } else {
            match view(&value) {
                Some(text) if text.len() == 1 => text.at(0),
                Some(text) => {
                    let n = text.len();
                    let message = format!("%c requires an int or a unicode character, not a string of length {n}");
                    return Err(t.raise(Kind::TypeError, message));
                }
                None => {
                    let kind = t.class_name(&value);
                    let message = format!("%c requires an int or a unicode character, not {kind}");
                    return Err(t.raise(Kind::TypeError, message));
                }
            }
        };
        let f = Field { precision: None, left: f.left, width: f.width, ..Field::default() };
        self.text(Text::Wide(&[c]), &f);
        Ok(())
    }

    fn integer(&mut self, t: &mut Thread<M>, kind: u8, f: &Field) -> Result<(), Raise> {
        let value = self.value(t)?;
        let value = if int::is_int(&value) {
            value
        } else {
            let hex = matches!(kind, b'o' | b'x' | b'X');
            let slots = &t.class_of(&value).body.slots;
            match (slots.int.get(), slots.index.get()) {
                (Some(to_int), _) if !hex => to_int(t, &value)?,
                (_, Some(_)) => t.index(&value)?,
                _ => {
                    let (c, class) = (kind as char, t.class_name(&value));
                    let need = if hex { "an integer" } else { "a real number" };
                    return Err(t.raise(Kind::TypeError, format!("%{c} format: {need} is required, not {class}")));
                }
            }
        };
        let mut buffer = [0; 20];
        let (negative, mut digits) = in_base(t, &value, kind, &mut buffer)?;
        if let Some(least) = f.precision.filter(|&p| p > digits.len()) {
            let zeros = std::iter::repeat_n(b'0', least - digits.len());
            digits.to_mut().splice(0..0, zeros);
        }
        let prefix = match kind {
            b'o' if f.alternate => "0o",
            b'x' if f.alternate => "0x",
            b'X' if f.alternate => "0X",
            _ => "",
        };
        self.number_text(negative, prefix, &digits, f);
        Ok(())
    }

    fn float(&mut self, t: &mut Thread<M>, kind: u8, f: &Field) -> Result<(), Raise> {
        let value = self.value(t)?;
        let x = if let Some(x) = float::value(&value) {
            x
        } else if int::is_int(&value) {
            to_f64(t, &value)?
        } else {
            let slots = &t.class_of(&value).body.slots;
            let made = match (slots.float.get(), slots.index.get()) {
                (Some(to_float), _) => to_float(t, &value)?,
                (_, Some(_)) => t.index(&value)?,
                _ => {
                    let class = t.class_name(&value);
                    let need = if self.bytes { "float argument required" } else { "must be real number" };
                    return Err(t.raise(Kind::TypeError, format!("{need}, not {class}")));
                }
            };
            match float::value(&made) {
                Some(x) => x,
                None => to_f64(t, &made)?,
            }
        };
        let style = match kind.to_ascii_lowercase() {
            b'e' => Style::Exponent,
            b'f' => Style::Fixed,
            _ => Style::General { point: false },
        };
        let (negative, mut text) = text_of(x, style, f.precision.unwrap_or(6), f.alternate);
        if kind.is_ascii_uppercase() {
            text.make_ascii_uppercase();
        }
        self.number_text(negative, "", text.as_bytes(), f);
        Ok(())
    }

    /// Adds a number: sign, prefix, zeros if asked for, digits, filled to the width.
    fn number_text(&mut self, negative: bool, prefix: &str, digits: &[u8], f: &Field) {
        let sign = match (negative, f.plus, f.space) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        };
        let missing = f.width.saturating_sub(sign.len() + prefix.len() + digits.len());
        let zeros = if f.zero && !f.left { missing } else { 0 };
        if !f.left {
            self.out.fill(32, missing - zeros);
        }
        self.out.push_ascii(sign.as_bytes());
        self.out.push_ascii(prefix.as_bytes());
        self.out.fill(48, zeros);
        self.out.push_ascii(digits);
        if f.left {
            self.out.fill(32, missing);
        }
    }
}
