//! The symbol table: which scope binds each name, and so whether it lives in a register, in a cell, in a closure, in a
//! namespace or among the globals.

mod collect;
mod expressions;

use rustc_hash::FxHashMap;

use crate::Mode;
use crate::ast::{Name, ScopeId, Span, Tree};
use crate::error::{Result, fail};
use crate::lower::MODULE;
use crate::names::Names;

/// What a scope belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScopeKind {
    Module,
    Class,
    Function,
    /// A generator expression: a function of its own.
    Generator,
    /// A list, set or dict comprehension: lives in the frame around it.
    Comp,
    /// An `__annotate__` function.
    Annotate,
    /// The hidden function that binds type parameters.
    TypeParams,
}

/// How a name is used in one scope. A set of flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Uses {
    pub(crate) param: bool,
    pub(crate) assigned: bool,
    pub(crate) read: bool,
    pub(crate) global: bool,
    pub(crate) nonlocal: bool,
    pub(crate) annotated: bool,
    /// The target of a comprehension's `for`.
    pub(crate) iteration: bool,
    /// Some inner frame needs it: lives in a cell.
    pub(crate) captured: bool,
}

impl Uses {
    fn binds(self) -> bool {
        (self.param || self.assigned) && !self.global && !self.nonlocal
    }
}

/// One scope.
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) kind: ScopeKind,
    pub(crate) parent: ScopeId,
    pub(crate) symbols: FxHashMap<Name, Uses>,
    /// The symbols in the order of their first use.
    pub(crate) order: Vec<Name>,
    /// Where each name of this scope lives.
    places: FxHashMap<Name, Place>,
    /// Names of the closure, for scopes that are frames.
    pub(crate) frees: Vec<Name>,
    pub(crate) generator: bool,
    /// A generator expression that awaits.
    pub(crate) asynchronous: bool,
    /// A class whose methods need `__class__`, or whose annotations need its namespace.
    pub(crate) class_cell: bool,
    pub(crate) dict_cell: bool,
    /// Attributes assigned on `self` inside a class.
    pub(crate) static_attributes: Vec<Name>,
    /// Where a `nonlocal` or `global` statement named it.
    declared: FxHashMap<Name, Span>,
}

/// Where a name lives, seen from one scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In a register of this frame; bound by scope `.0`, which may be an enclosing one of the same frame.
    Register(ScopeId),
    /// In the closure of this frame.
    Free(u16),
    /// In the class namespace, else in the closure.
    ClassFree(u16),
    Global,
    /// In the namespace of the frame.
    Namespace,
}

/// All scopes of one input.
pub(crate) struct Symbols {
    scopes: Vec<Scope>,
    class: Option<Name>,
    classdict: Option<Name>,
}

impl Symbols {
    /// Builds and resolves the table.
    pub(crate) fn analyze(tree: &Tree, names: &mut Names, mode: Mode) -> Result<Symbols> {
        let class = Some(names.intern("__class__"));
        let classdict = Some(names.intern("__classdict__"));
        let scopes = collect::collect(tree, names, mode)?;
        let mut symbols = Symbols { scopes, class, classdict };
        for i in 0..symbols.scopes.len() {
            symbols.resolve(ScopeId(i as u32), names)?;
        }
        Ok(symbols)
    }

    pub(crate) fn scope(&self, id: ScopeId) -> &Scope {
        &self.scopes[id.0 as usize]
    }

    fn scope_mut(&mut self, id: ScopeId) -> &mut Scope {
        &mut self.scopes[id.0 as usize]
    }

    /// Where `name` lives, seen from scope `id`.
    pub(crate) fn place(&self, id: ScopeId, name: Name) -> Place {
        self.scope(id).places.get(&name).copied().unwrap_or(Place::Global)
    }

    /// Is that symbol kept in a cell?
    pub(crate) fn captured(&self, owner: ScopeId, name: Name) -> bool {
        match self.scope(owner).kind {
            ScopeKind::Class => true,
            _ => self.scope(owner).symbols.get(&name).is_some_and(|uses| uses.captured),
        }
    }

    /// Names looked up from this scope see the class namespace around it first.
    pub(crate) fn sees_class(&self, id: ScopeId) -> bool {
        if self.scope(id).kind != ScopeKind::Annotate {
            return false;
        }
        let mut parent = self.scope(id).parent;
        while self.scope(parent).kind == ScopeKind::TypeParams {
            parent = self.scope(parent).parent;
        }
        self.scope(parent).kind == ScopeKind::Class
    }

    /// For the free name `name` of the nested frame `inner`: the scope that binds it, if that runs in frame `here`.
    pub(crate) fn owner_here(&self, inner: ScopeId, here: ScopeId, name: Name) -> Option<ScopeId> {
        let mut at = self.scope(inner).parent;
        loop {
            let scope = self.scope(at);
            let special = scope.kind == ScopeKind::Class && (Some(name) == self.class || Some(name) == self.classdict);
            let skipped = scope.kind == ScopeKind::Class && !special;
            let binds = special || !skipped && scope.symbols.get(&name).is_some_and(|uses| uses.binds());
            if binds && scope.kind != ScopeKind::Module {
                return Some(at);
            }
            if at == here {
                return None;
            }
            at = scope.parent;
        }
    }

    /// The scope whose frame scope `id` runs in.
    pub(crate) fn frame(&self, mut id: ScopeId) -> ScopeId {
        while self.scope(id).kind == ScopeKind::Comp {
            id = self.scope(id).parent;
        }
        id
    }

    fn resolve(&mut self, id: ScopeId, names: &Names) -> Result<()> {
        let order = self.scope(id).order.clone();
        for &name in &order {
            let place = self.resolve_name(id, name, names)?;
            self.scope_mut(id).places.insert(name, place);
        }
        let outside = |name: &Name| !matches!(self.scope(id).places.get(name), Some(Place::Register(_)));
        if self.sees_class(id) && order.iter().any(outside) {
            let name = self.classdict.expect("interned by analyze");
            let place = self.outer(id, name, names)?;
            self.scope_mut(id).places.insert(name, place);
        }
        Ok(())
    }

    fn resolve_name(&mut self, id: ScopeId, name: Name, names: &Names) -> Result<Place> {
        let scope = self.scope(id);
        let uses = scope.symbols[&name];
        if uses.global && uses.nonlocal {
            let message = format!("name '{}' is nonlocal and global", names.text(name));
            return fail(scope.declared.get(&name).copied().unwrap_or_default(), message);
        }
        Ok(match scope.kind {
            ScopeKind::Module => Place::Namespace,
            _ if uses.global => Place::Global,
            ScopeKind::Class if uses.binds() => Place::Namespace,
            _ if uses.binds() => Place::Register(id),
            ScopeKind::Class => match self.outer(id, name, names)? {
                Place::Free(i) if !uses.nonlocal => Place::ClassFree(i),
                Place::Global => Place::Namespace,
                place => place,
            },
            // A comprehension of a module sees what the module sees.
            ScopeKind::Comp if self.frame(id) == MODULE => match self.outer(id, name, names)? {
                Place::Global => Place::Namespace,
                place => place,
            },
            _ => self.outer(id, name, names)?,
        })
    }

    /// Looks for a binding around scope `id`.
    fn outer(&mut self, id: ScopeId, name: Name, names: &Names) -> Result<Place> {
        let mut at = id;
        let binder = loop {
            if at == MODULE {
                break None;
            }
            at = self.scope(at).parent;
            let scope = self.scope(at);
            match scope.kind {
                ScopeKind::Module => break None,
                ScopeKind::Class if Some(name) == self.class => {
                    self.scope_mut(at).class_cell = true;
                    break Some(at);
                }
                ScopeKind::Class if Some(name) == self.classdict => {
                    self.scope_mut(at).dict_cell = true;
                    break Some(at);
                }
                ScopeKind::Class => continue,
                _ => {}
            }
            match scope.symbols.get(&name) {
                Some(uses) if uses.global => break None,
                Some(uses) if uses.binds() => break Some(at),
                _ => {}
            }
        };
        let Some(binder) = binder else {
            if let Some(&span) = self.scope(id).declared.get(&name)
                && self.scope(id).symbols.get(&name).is_some_and(|uses| uses.nonlocal)
            {
                return fail(span, format!("no binding for nonlocal '{}' found", names.text(name)));
            }
            return Ok(Place::Global);
        };
        Ok(self.capture(id, binder, name))
    }

    /// Threads the closure from the frame of `binder` down to the frame of `id`.
    fn capture(&mut self, id: ScopeId, binder: ScopeId, name: Name) -> Place {
        let home = self.frame(binder);
        let mut frame = self.frame(id);
        if frame == home {
            return Place::Register(binder);
        }
        if let Some(uses) = self.scope_mut(binder).symbols.get_mut(&name) {
            uses.captured = true;
        }
        let mut index = None;
        while frame != home {
            let frees = &mut self.scope_mut(frame).frees;
            let position = frees.iter().position(|&n| n == name).unwrap_or_else(|| {
                frees.push(name);
                frees.len() - 1
            });
            index.get_or_insert(position as u16);
            frame = self.frame(self.scope(frame).parent);
        }
        Place::Free(index.unwrap_or(0))
    }
}
