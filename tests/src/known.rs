//! `known_failures.txt`: programs that a build does not pass yet, each with its reason.
//!
//! A line that names no program is an error. A listed program that passes is named on every run, and is an error under
//! `PARALLAX_STRICT=1`: some failures depend on how threads meet.

use std::collections::BTreeMap;

/// The parsed list.
#[derive(Debug, Default)]
pub struct Known {
    /// Program → (builds, reason) for each of its lines; no build means all of ours.
    lines: BTreeMap<String, Vec<(Vec<String>, String)>>,
}

impl Known {
    /// Parses lines `program  # reason` or `build, build: program  # reason`.
    pub fn parse(text: &str) -> Result<Known, String> {
        let mut known = Known::default();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (entry, reason) = line
                .split_once(" # ")
                .filter(|(_, reason)| !reason.trim().is_empty())
                .ok_or_else(|| format!("known_failures.txt:{}: write `program  # reason`", number + 1))?;
            let (builds, program) = entry.split_once(':').unwrap_or(("", entry));
            let builds = builds.split(',').map(|b| b.trim().to_string()).filter(|b| !b.is_empty()).collect();
            known.lines.entry(program.trim().to_string()).or_default().push((builds, reason.trim().to_string()));
        }
        Ok(known)
    }

    /// Why `build` may fail `program`. A peer's failures must name it.
    pub fn reason(&self, build: &str, program: &str) -> Option<&str> {
        let applies = |builds: &[String]| {
            builds.iter().any(|b| b == build) || (builds.is_empty() && matches!(build, "gil" | "nogil" | "checking"))
        };
        self.lines.get(program)?.iter().find(|(builds, _)| applies(builds)).map(|(_, reason)| reason.as_str())
    }

    /// Lines about this suite that name no program of it.
    pub fn stale<'k>(&'k self, suite: &str, programs: &[String]) -> Vec<&'k str> {
        let prefix = format!("{suite}/");
        self.lines.keys().filter(|id| id.starts_with(&prefix) && !programs.contains(id)).map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Known;

    #[test]
    fn lines_apply_to_the_builds_they_name() {
        let known = Known::parse("# head\n\na/b  # later\nnogil, cpython: a/c  # why: so\n").unwrap();
        assert_eq!(known.reason("gil", "a/b"), Some("later"));
        assert_eq!(known.reason("cpython", "a/b"), None);
        assert_eq!(known.reason("gil", "a/c"), None);
        assert_eq!(known.reason("nogil", "a/c"), Some("why: so"));
        assert_eq!(known.stale("a", &["a/b".to_string()]), ["a/c"]);
        assert!(Known::parse("a/b").is_err());
        assert!(Known::parse("a/b  # ").is_err());
    }
}
