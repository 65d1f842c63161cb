//! A program of the corpus: its source, its header directives and what it must print.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// One Python file with its expectations.
#[derive(Clone, Debug)]
pub struct Program {
    /// `suite/area/name`, as the known-failures file writes it.
    pub id: String,
    /// The file.
    pub path: PathBuf,
    /// Exit status: `# status: N`, else 0.
    pub status: i32,
    /// Standard input: the file `name.in`, else nothing.
    pub stdin: Vec<u8>,
    /// Expected standard output: the file `name.out`; without it `ok`, or nothing if the status is not 0.
    pub out: String,
    /// Expected error text: the file `name.err`, else nothing.
    pub err: String,
}

impl Program {
    /// Reads a program and the files beside it.
    pub fn load(root: &Path, path: &Path) -> io::Result<Program> {
        let source = String::from_utf8_lossy(&fs::read(path)?).into_owned();
        let id = path.strip_prefix(root).unwrap_or(path).with_extension("").to_string_lossy().into_owned();
        let status = match directive(&source, "status") {
            Some(text) => {
                text.parse().map_err(|_| io::Error::other(format!("{id}: `# status: {text}` is no number")))?
            }
            None => 0,
        };
        let beside = |extension| fs::read(path.with_extension(extension));
        let text = |extension| beside(extension).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok(Program {
            id,
            path: path.to_path_buf(),
            status,
            stdin: beside("in").unwrap_or_default(),
            out: text("out").unwrap_or_else(|_| if status == 0 { "ok\n" } else { "" }.to_string()),
            err: text("err").unwrap_or_default(),
        })
    }

    /// The folder that holds the program; written `$DIR` in expected text.
    pub fn folder(&self) -> &Path {
        self.path.parent().expect("a program lies in a folder")
    }
}

/// The value of a `# key: value` line in the comment lines that open a program.
fn directive<'s>(source: &'s str, key: &str) -> Option<&'s str> {
    let header = source.lines().take_while(|line| line.starts_with('#'));
    header.filter_map(|line| line.strip_prefix("# ")?.split_once(": ")).find(|(k, _)| *k == key).map(|(_, value)| value)
}

/// Every program of a suite: the files in its folder and in the folders one level below (deeper ones are what programs import).
pub fn discover(root: &Path, suite: &str) -> io::Result<Vec<Program>> {
    let mut files = Vec::new();
    for entry in entries(&root.join(suite))? {
        if entry.is_dir() && suite == "conformance" {
            files.extend(entries(&entry)?);
        } else {
            files.push(entry);
        }
    }
    files.retain(|path| path.extension() == Some(OsStr::new("py")));
    files.iter().map(|path| Program::load(root, path)).collect()
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::directive;

    #[test]
    fn directives_stand_in_the_opening_comment() {
        let source = "# status: 3\n# why: because\nprint()\n# late: 1\n";
        assert_eq!(directive(source, "status"), Some("3"));
        assert_eq!(directive(source, "why"), Some("because"));
        assert_eq!(directive(source, "late"), None);
    }
}
