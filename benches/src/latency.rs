//! The latency family: what a thread suffers from its neighbours, asked of `benches/tools/latency.py` in fresh processes.
//! The raw answers go into the store.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// One question to the tool.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "tool", rename_all = "lowercase")]
pub enum Question {
    /// Collections of a heap of so many container objects, while `threads` others run.
    Pauses { objects: u64, threads: usize, collections: u32 },
    /// How late a thread wakes from sleep while `threads` others compute.
    Wake { threads: usize, seconds: f64 },
    /// How long neither of two computing threads runs when one stops for the other.
    Handover { seconds: f64 },
    /// What each of `threads` computing threads gets done.
    Share { threads: usize, seconds: f64 },
}

/// What the tool answered: each sample that it took.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Microseconds by what was timed (`collection`, `stall`, `late`, `handover`), in the order of time.
    #[serde(default)]
    pub microseconds: BTreeMap<String, Vec<f64>>,
    /// Turns of each computing thread's loop.
    #[serde(default)]
    pub done: Vec<u64>,
}

/// One fresh process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LatencyRun {
    pub repetition: u32,
    pub build: String,
    pub question: Question,
    pub hash_seed: u32,
    #[serde(flatten)]
    pub outcome: Outcome,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Answered(Answer),
    Failed(String),
}

/// What a run asks, and how often.
#[derive(Clone, Debug, Default)]
pub struct Questions {
    pub all: Vec<Question>,
    pub repetitions: u32,
}

/// The names that `--only` knows.
pub const NAMES: [&str; 4] = ["latency/pauses", "latency/wake", "latency/handover", "latency/share"];

impl Questions {
    /// Some eight seconds for each interpreter.
    pub fn quick() -> Self {
        let wake = |(threads, seconds)| Question::Wake { threads, seconds };
        let share = |threads| Question::Share { threads, seconds: 1.0 };
        let mut all = vec![Question::Pauses { objects: 1_000_000, threads: 1, collections: 6 }];
        all.extend([(0, 0.5), (1, 1.5), (2, 1.5)].map(wake));
        all.push(Question::Handover { seconds: 1.0 });
        all.extend([2, 4].map(share));
        Self { all, repetitions: 1 }
    }

    /// Some ten minutes for each interpreter: as many collections as a 99th percentile needs, on heaps of up to ten million.
    pub fn full() -> Self {
        let pauses = |objects| [1, 2].map(|threads| Question::Pauses { objects, threads, collections: 20 });
        let wake = |threads| Question::Wake { threads, seconds: 4.0 };
        let share = |threads| Question::Share { threads, seconds: 2.0 };
        let mut all: Vec<Question> = [1_000_000, 3_000_000, 10_000_000].into_iter().flat_map(pauses).collect();
        all.extend([0, 1, 2, 4].map(wake));
        all.push(Question::Handover { seconds: 2.0 });
        all.extend([2, 4, 8].map(share));
        Self { all, repetitions: 5 }
    }

    /// Those whose name contains one of `only` (all of them if `only` is empty).
    pub fn select(mut self, only: &[String]) -> Self {
        self.all.retain(|question| only.is_empty() || only.iter().any(|part| question.name().contains(part.as_str())));
        self
    }
}

impl Question {
    /// `latency/wake`.
    pub fn name(self) -> &'static str {
        NAMES[match self {
            Question::Pauses { .. } => 0,
            Question::Wake { .. } => 1,
            Question::Handover { .. } => 2,
            Question::Share { .. } => 3,
        }]
    }

    /// The arguments of the tool.
    pub fn arguments(self) -> Vec<String> {
        let tool = self.name().trim_start_matches("latency/");
        let rest = match self {
            Question::Pauses { objects, threads, collections } => {
                vec![objects.to_string(), threads.to_string(), collections.to_string()]
            }
            Question::Wake { threads, seconds } | Question::Share { threads, seconds } => {
                vec![threads.to_string(), seconds.to_string()]
            }
            Question::Handover { seconds } => vec![seconds.to_string()],
        };
        ["--raw", tool].map(str::to_owned).into_iter().chain(rest).collect()
    }

    /// The longest that an answer may take, where a process may take `limit` without it.
    pub fn limit(self, limit: Duration) -> Duration {
        limit
            + match self {
                // Ten times what a collection of so many takes on a slow machine.
                Question::Pauses { objects, collections, .. } => {
                    Duration::from_micros(objects.saturating_mul(u64::from(collections) + 2))
                }
                Question::Wake { seconds, .. } | Question::Share { seconds, .. } | Question::Handover { seconds } => {
                    Duration::from_secs_f64(seconds)
                }
            }
    }

    /// What the answer must hold; the reason why it is none otherwise.
    pub fn check(self, answer: &Answer) -> Result<(), String> {
        let timed = |name: &str, least: usize| {
            let samples = answer.microseconds.get(name).ok_or_else(|| format!("the answer has no {name}"))?;
            if samples.iter().any(|sample| !sample.is_finite() || *sample < 0.0) {
                return Err(format!("{name} has a sample that is no time"));
            }
            if samples.len() < least {
                return Err(format!("{name} has {} samples instead of {least}", samples.len()));
            }
            Ok(())
        };
        match self {
            Question::Pauses { threads, collections, .. } => {
                let collections = collections as usize;
                timed("collection", collections).and_then(|()| timed("stall", collections * threads))
            }
            Question::Wake { .. } => timed("late", 1),
            // Where threads run side by side nothing need be handed over.
            Question::Handover { .. } => timed("handover", 0),
            Question::Share { threads, .. } if answer.done.len() != threads || answer.done.iter().sum::<u64>() == 0 => {
                Err(format!("the answer does not say what each of {threads} threads did"))
            }
            Question::Share { .. } => Ok(()),
        }
    }
}

/// The tool, in the workspace.
pub fn tool(root: &Path) -> PathBuf {
    root.join("benches/tools/latency.py")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_chooses_questions_by_their_names() {
        let count = |only: &[&str]| {
            let only: Vec<String> = only.iter().map(|text| (*text).to_owned()).collect();
            Questions::quick().select(&only).all.len()
        };
        assert_eq!(count(&[]), 7);
        assert_eq!(count(&["latency"]), 7);
        assert_eq!(count(&["countdown"]), 0);
        assert_eq!(count(&["wake", "latency/share"]), 5);
    }

    #[test]
    fn questions_are_asked_as_the_tool_wants_them_and_kept_by_name() {
        let pauses = Question::Pauses { objects: 1000, threads: 2, collections: 3 };
        assert_eq!(pauses.arguments(), ["--raw", "pauses", "1000", "2", "3"]);
        assert_eq!(Question::Wake { threads: 0, seconds: 0.5 }.arguments(), ["--raw", "wake", "0", "0.5"]);
        let text = serde_json::to_string(&pauses).unwrap();
        assert_eq!(text, r#"{"tool":"pauses","objects":1000,"threads":2,"collections":3}"#);
        assert_eq!(serde_json::from_str::<Question>(&text).unwrap(), pauses);
    }

    #[test]
    fn answers_that_lack_something_are_refused_with_the_reason() {
        let answer = |text: &str| serde_json::from_str::<Answer>(text).unwrap();
        let pauses = Question::Pauses { objects: 1000, threads: 2, collections: 2 };
        let full = r#"{"tool": "pauses", "microseconds": {"collection": [5.0, 6.5], "stall": [4, 4.5, 3, 20]}}"#;
        assert_eq!(pauses.check(&answer(full)), Ok(()));
        assert!(pauses.check(&answer("{}")).unwrap_err().contains("no collection"));
        let few = answer(r#"{"microseconds": {"collection": [5.0, 6.5], "stall": [4, 4.5, 3]}}"#);
        assert_eq!(pauses.check(&few).unwrap_err(), "stall has 3 samples instead of 4");
        let wake = Question::Wake { threads: 1, seconds: 1.0 };
        assert!(wake.check(&answer(r#"{"microseconds": {"late": [-1.0]}}"#)).unwrap_err().contains("is no time"));
        assert_eq!(Question::Handover { seconds: 1.0 }.check(&answer(r#"{"microseconds": {"handover": []}}"#)), Ok(()));
        let share = Question::Share { threads: 2, seconds: 1.0 };
        assert_eq!(share.check(&answer(r#"{"done": [10, 0]}"#)), Ok(()));
        assert!(
            share.check(&answer(r#"{"done": [10]}"#)).is_err() && share.check(&answer(r#"{"done": [0, 0]}"#)).is_err()
        );
    }
}
