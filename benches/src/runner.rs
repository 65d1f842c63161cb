//! The paired runner: rounds of fresh processes in random order, one hash seed for all builds of a round.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use serde::Deserialize;

use crate::interpreters::Interpreter;
use crate::latency::{self, LatencyRun, Question};
use crate::machine::{self, Code, Machine, Toolchain};
use crate::plan::{Cell, Plan, Step};
use crate::rng::Rng;
use crate::store::{
    Build, Family, Measured, Mode, NativeSample, Outcome, Program, Role, Run, SCHEMA, StartupSample, Store, Suite,
};
use crate::workloads::Workload;
use crate::{child, criterion_results, native};

/// Environment that would change what an interpreter does.
const SCRUBBED: [&str; 6] =
    ["PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONOPTIMIZE", "PYTHON_GIL", "PYTHONDEVMODE"];

/// The largest environment that is added to a process: a page, so that the stack begins anywhere in one.
const PADDING: usize = 4096;

/// One run of the laboratory in progress.
pub struct Runner<'a> {
    plan: &'a Plan,
    interpreters: &'a [Interpreter],
    workloads: &'a [Workload],
    files: Vec<PathBuf>,
    counts: Vec<Result<u64, String>>,
    runs: Vec<Run>,
    native: Vec<NativeSample>,
    startup: Vec<StartupSample>,
    latency: Vec<LatencyRun>,
    /// A program that does nothing.
    empty: PathBuf,
    /// The tool that asks for latencies.
    tool: PathBuf,
    progress: ProgressBar,
}

/// Measures everything that `plan` asks for. `root` is the workspace, `scratch` a folder for the assembled programs.
pub fn measure(
    plan: &Plan,
    interpreters: &[Interpreter],
    workloads: &[Workload],
    seed: u64,
    root: &Path,
    scratch: &Path,
) -> Result<Store, String> {
    let started = machine::now();
    let code = Code::here(root);
    let machine = Machine::here();
    let clock = Instant::now();
    let mut runner = Runner::new(plan, interpreters, workloads, (root, scratch))?;
    let mut rng = Rng::new(seed);
    runner.calibrate();
    runner.rounds(&mut rng);
    runner.latencies(&mut rng);
    runner.progress.finish_and_clear();
    let programs = workloads.iter().zip(&runner.counts).map(|(workload, n)| Program {
        name: workload.name.clone(),
        family: workload.family,
        source_hash: workload.source_hash(),
        share_nothing: workload.share_nothing(),
        n: *n.as_ref().unwrap_or(&0),
    });
    Ok(Store {
        schema: SCHEMA,
        suite: Suite {
            kind: plan.kind.to_owned(),
            rounds: plan.rounds,
            layouts: plan.layouts,
            seed,
            thread_counts: plan.thread_counts.clone(),
            started,
            seconds: clock.elapsed().as_secs_f64(),
            command_line: std::env::args().skip(1).collect(),
        },
        machine,
        toolchain: Toolchain::here(root),
        everyday: criterion_results::read(&code),
        code,
        builds: interpreters.iter().map(|interpreter| interpreter.build.clone()).collect(),
        programs: programs.collect(),
        native: runner.native,
        startup: runner.startup,
        latency: runner.latency,
        runs: runner.runs,
    })
}

impl<'a> Runner<'a> {
    fn new(
        plan: &'a Plan,
        interpreters: &'a [Interpreter],
        workloads: &'a [Workload],
        (root, scratch): (&Path, &Path),
    ) -> Result<Self, String> {
        let write = |name: &str, text: &str| {
            let path = scratch.join(format!("{name}.py"));
            fs::write(&path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
            Ok::<_, String>(path)
        };
        let files: Result<Vec<PathBuf>, String> =
            workloads.iter().map(|workload| write(&workload.name.replace('/', "-"), &workload.program())).collect();
        let builds: Vec<Build> = interpreters.iter().map(|interpreter| interpreter.build.clone()).collect();
        let cells: usize = workloads.iter().map(|workload| plan.steps(workload.family, &builds).len()).sum();
        let asked = builds.iter().filter(|build| build.role != Role::Variant).count() * plan.latency.all.len();
        let steps = workloads.len() + cells * plan.rounds as usize + asked * plan.latency.repetitions as usize;
        let progress = ProgressBar::new(steps as u64);
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {elapsed} (left: {eta}) {msg}");
        progress.set_style(style.expect("the template is well-formed"));
        Ok(Self {
            plan,
            interpreters,
            workloads,
            files: files?,
            counts: Vec::new(),
            runs: Vec::new(),
            native: Vec::new(),
            startup: Vec::new(),
            latency: Vec::new(),
            empty: write("empty", "pass\n")?,
            tool: latency::tool(root),
            progress,
        })
    }

    /// Finds each program's loop count on the reference build, so that all builds do the same work.
    fn calibrate(&mut self) {
        for (workload, file) in self.workloads.iter().zip(&self.files) {
            self.progress.set_message(format!("calibrating {}", workload.name));
            let seconds = self.plan.seconds(workload.family);
            let arguments = ["calibrate", workload.family.name(), &seconds.to_string()].map(str::to_owned);
            let limit = self.plan.limit + Duration::from_secs_f64(seconds * 4.0);
            let answer = execute(self.interpreters[0].path(0), file, &arguments, (0, 0), limit);
            let count = answer.and_then(|finished| {
                #[derive(Deserialize)]
                struct Answer {
                    n: u64,
                }
                parse::<Answer>(&finished.stdout).map(|answer| answer.n)
            });
            if let Err(reason) = &count {
                self.say(&format!("{} cannot be calibrated: {reason}", workload.name));
            }
            self.counts.push(count);
            self.progress.inc(1);
        }
    }

    fn rounds(&mut self, rng: &mut Rng) {
        if self.workloads.is_empty() {
            return;
        }
        let builds: Vec<Build> = self.interpreters.iter().map(|interpreter| interpreter.build.clone()).collect();
        let parallel = self.plan.seconds(Family::Parallel);
        let contention = self.plan.seconds(Family::Contention);
        let turns = native::calibrate(parallel);
        let turns =
            |family| if family == Family::Contention { (turns as f64 * contention / parallel) as u64 } else { turns };
        for round in 0..self.plan.rounds {
            // The seed is the same for all builds of the round and fits what PYTHONHASHSEED accepts.
            let hash_seed = rng.next_u64() as u32;
            let mut order: Vec<usize> = (0..self.workloads.len()).collect();
            rng.shuffle(&mut order);
            self.start_up(round, hash_seed, rng);
            for index in order {
                // The steps of one program stay together, so that what is divided was measured in the same minute.
                let family = self.workloads[index].family;
                let mut steps = self.plan.steps(family, &builds);
                rng.shuffle(&mut steps);
                for step in steps {
                    match step {
                        Step::Process(cell) => self.cell(round, (hash_seed, rng.below(PADDING)), index, cell),
                        Step::Native(threads) => self.native(round, index, threads, turns(family)),
                    }
                }
            }
            if self.progress.is_hidden() {
                child::note(&format!("round {} of {} done", round + 1, self.plan.rounds));
            }
        }
    }

    /// Empty programs, the builds taking turns in random order.
    fn start_up(&mut self, round: u32, hash_seed: u32, rng: &mut Rng) {
        self.progress.set_message(format!("round {} of {}: start-up", round + 1, self.plan.rounds));
        let mut order: Vec<usize> = (0..self.interpreters.len()).collect();
        for turn in 0..self.plan.startups {
            rng.shuffle(&mut order);
            for &index in &order {
                let interpreter = &self.interpreters[index];
                let clock = Instant::now();
                let chance = (hash_seed, rng.below(PADDING));
                match execute(interpreter.path(round), &self.empty, &[], chance, self.plan.limit) {
                    Ok(_) => self.startup.push(StartupSample {
                        round,
                        build: interpreter.build.label.clone(),
                        wall: clock.elapsed().as_secs_f64(),
                    }),
                    // Once is enough: the same will happen in every round.
                    Err(reason) if round == 0 && turn == 0 => {
                        self.say(&format!("an empty program on {}: {reason}", interpreter.build.label));
                    }
                    Err(_) => {}
                }
            }
        }
    }

    /// The latency family: the questions in random order, all interpreters one after the other on each, in random order.
    fn latencies(&mut self, rng: &mut Rng) {
        let asked = |&index: &usize| self.interpreters[index].build.role != Role::Variant;
        let mut order: Vec<usize> = (0..self.interpreters.len()).filter(asked).collect();
        let mut questions = self.plan.latency.all.clone();
        for repetition in 0..self.plan.latency.repetitions {
            rng.shuffle(&mut questions);
            for &question in &questions {
                let hash_seed = rng.next_u64() as u32;
                rng.shuffle(&mut order);
                for &index in &order {
                    self.latency(repetition, question, index, (hash_seed, rng.below(PADDING)));
                }
            }
        }
    }

    fn latency(&mut self, repetition: u32, question: Question, index: usize, chance: Chance) {
        let interpreter = &self.interpreters[index];
        let what = format!("{} on {}", question.name(), interpreter.build.label);
        self.progress.set_message(format!("{what} ({} of {})", repetition + 1, self.plan.latency.repetitions));
        let limit = question.limit(self.plan.limit);
        let answer = execute(interpreter.path(repetition), &self.tool, &question.arguments(), chance, limit)
            .and_then(|finished| parse(&finished.stdout))
            .and_then(|answer| question.check(&answer).map(|()| answer));
        if let Err(reason) = &answer {
            self.say(&format!("{what}: {reason}"));
        }
        self.latency.push(LatencyRun {
            repetition,
            build: interpreter.build.label.clone(),
            question,
            hash_seed: chance.0,
            outcome: answer.map_or_else(latency::Outcome::Failed, latency::Outcome::Answered),
        });
        self.progress.inc(1);
    }

    /// One sample of the ceiling.
    fn native(&mut self, round: u32, index: usize, threads: usize, turns: u64) {
        let program = &self.workloads[index].name;
        let rounds = self.plan.rounds;
        self.progress.set_message(format!("round {} of {rounds}: {program} native, {threads} threads", round + 1));
        let wall = native::sample(turns, threads);
        self.native.push(NativeSample { round, program: program.clone(), threads, wall });
        self.progress.inc(1);
    }

    fn cell(&mut self, round: u32, chance: Chance, index: usize, cell: Cell) {
        let workload = &self.workloads[index];
        let interpreter = &self.interpreters[cell.build];
        let name = &interpreter.build.label;
        let threads = if cell.mode == Mode::Team { format!(", {} threads", cell.threads) } else { String::new() };
        let what = format!("{} {name} {}{threads}", workload.name, cell.mode.name());
        self.progress.set_message(format!("round {} of {}: {what}", round + 1, self.plan.rounds));
        let outcome = match &self.counts[index] {
            Ok(n) => self.sample(interpreter.path(round), index, cell, *n, chance),
            Err(reason) => Err(format!("not calibrated: {reason}")),
        };
        if let (Err(reason), true) = (&outcome, self.counts[index].is_ok()) {
            self.say(&format!("{what}: {reason}"));
        }
        self.runs.push(Run {
            round,
            position: self.runs.len() as u32,
            program: workload.name.clone(),
            build: name.clone(),
            mode: cell.mode,
            threads: cell.threads,
            hash_seed: chance.0,
            padding: chance.1,
            layout: interpreter.layout(round),
            outcome: outcome.map_or_else(Outcome::Failed, Outcome::Measured),
        });
        self.progress.inc(1);
    }

    fn sample(&self, by: &Path, index: usize, cell: Cell, n: u64, chance: Chance) -> Result<Measured, String> {
        #[derive(Deserialize)]
        struct Answer {
            wall: Vec<f64>,
            cpu: Vec<f64>,
            checksum: String,
            /// 0 or missing where the process cannot tell.
            #[serde(default)]
            peak_kib: u64,
        }
        let finished = execute(by, &self.files[index], &self.plan.arguments(cell, n), chance, self.plan.limit)?;
        let Answer { wall, cpu, checksum, peak_kib } = parse(&finished.stdout)?;
        let sound =
            |values: &[f64]| !values.is_empty() && values.iter().all(|value| value.is_finite() && *value >= 0.0);
        if !sound(&wall) || !sound(&cpu) || wall.contains(&0.0) {
            return Err("its clocks did not move".to_owned());
        }
        let peak_rss_kib = if peak_kib > 0 { peak_kib } else { finished.peak_rss_kib };
        Ok(Measured { wall, cpu, checksum, peak_rss_kib })
    }

    fn say(&self, line: &str) {
        if self.progress.is_hidden() { child::note(line) } else { self.progress.println(line) }
    }
}

/// What varies from process to process: the hash seed, and the bytes of padding in the environment.
type Chance = (u32, usize);

fn execute(
    program: &Path,
    file: &Path,
    arguments: &[String],
    (hash_seed, padding): Chance,
    limit: Duration,
) -> Result<child::Finished, String> {
    let mut command = Command::new(program);
    command.arg(file).args(arguments).env("PYTHONHASHSEED", hash_seed.to_string()).env("PYTHONDONTWRITEBYTECODE", "1");
    // The environment lies above the stack: its size decides where frames lie relative to cache lines and pages.
    command.env("PARALLAX_PADDING", "x".repeat(padding));
    for name in SCRUBBED {
        command.env_remove(name);
    }
    child::run(&mut command, limit)
}

/// Reads the one line that a measured process prints.
fn parse<T: for<'text> Deserialize<'text>>(stdout: &str) -> Result<T, String> {
    let line = stdout.lines().last().unwrap_or_default();
    serde_json::from_str(line).map_err(|_| format!("printed {:?} instead of a measurement", shorten(line)))
}

fn shorten(text: &str) -> String {
    text.chars().take(80).collect()
}
