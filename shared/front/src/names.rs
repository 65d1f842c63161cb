//! Interned identifiers and private-name mangling.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::ast::Name;

/// The identifiers of one compilation.
#[derive(Default)]
pub(crate) struct Names {
    list: Vec<Arc<str>>,
    map: FxHashMap<Arc<str>, Name>,
}

impl Names {
    /// The number of that identifier.
    pub(crate) fn intern(&mut self, text: &str) -> Name {
        if let Some(&name) = self.map.get(text) {
            return name;
        }
        let name = Name(self.list.len() as u32);
        let text: Arc<str> = Arc::from(text);
        self.list.push(text.clone());
        self.map.insert(text, name);
        name
    }

    /// The number of that identifier, if it occurs.
    pub(crate) fn find(&self, text: &str) -> Option<Name> {
        self.map.get(text).copied()
    }

    /// The text of an identifier.
    pub(crate) fn text(&self, name: Name) -> &Arc<str> {
        &self.list[name.0 as usize]
    }
}

/// `__name` inside `class Owner` is `_Owner__name`.
pub(crate) fn mangle(owner: Option<&str>, name: &str) -> Option<String> {
    let owner = owner?.trim_start_matches('_');
    let private = name.starts_with("__") && !name.ends_with("__") && !name.contains('.') && !owner.is_empty();
    private.then(|| format!("_{owner}{name}"))
}
