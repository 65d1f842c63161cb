//! The native loop behind `ceiling(n)`: what this machine gives n threads at all, measured beside each threaded program.
//!
//! The loop is an interpreter in miniature, because cores that look whole may share their insides with a neighbour: a chain of
//! dependent arithmetic leaves most of a core idle and feels no neighbour, a dispatch loop fills it and does
//! (docs/decisions.md has the figures).

use std::hint::black_box;
use std::sync::Barrier;
use std::thread;
use std::time::Instant;

/// An operation, its target and its two operands.
type Instruction = [u8; 4];

/// A loop body of eight instructions: arithmetic, a branch that no predictor learns, a load and a store.
const BODY: [Instruction; 8] =
    [[0, 2, 0, 1], [1, 3, 2, 0], [2, 4, 3, 2], [3, 1, 4, 0], [4, 5, 1, 3], [0, 0, 5, 2], [5, 6, 0, 0], [6, 7, 6, 1]];

/// Interprets `BODY` `turns` times over registers and a small memory of its own: nothing is shared.
fn interpret(turns: u64, seed: u64) -> u64 {
    let code = black_box(BODY.to_vec());
    let mut memory = vec![0_u64; 1024];
    let mut registers = [seed | 1, 3, 5, 7, 11, 13, 17, 19_u64];
    for _ in 0..black_box(turns) {
        for &[operation, target, left, right] in &code {
            let (left, right) = (registers[usize::from(left & 7)], registers[usize::from(right & 7)]);
            let place = (left & 1023) as usize;
            registers[usize::from(target & 7)] = match operation {
                0 => left.wrapping_add(right),
                1 => left ^ right << 7,
                2 => left.wrapping_mul(right | 1),
                3 => left >> 3,
                4 if left & 1 == 0 => right,
                4 => left.wrapping_sub(right),
                5 => memory[place],
                _ => {
                    memory[place] = right;
                    left
                }
            };
        }
    }
    registers.iter().fold(memory[5], |sum, register| sum ^ register)
}

/// Wall seconds for `turns` divided among `threads`, from the opening of a barrier to the last finish.
pub fn sample(turns: u64, threads: usize) -> f64 {
    let barrier = Barrier::new(threads);
    let times: Vec<(Instant, Instant)> = thread::scope(|scope| {
        let members: Vec<_> = (0..threads as u64)
            .map(|index| {
                let barrier = &barrier;
                let share = turns * (index + 1) / threads as u64 - turns * index / threads as u64;
                scope.spawn(move || {
                    barrier.wait();
                    let start = Instant::now();
                    black_box(interpret(share, index));
                    (start, Instant::now())
                })
            })
            .collect();
        members.into_iter().map(|member| member.join().expect("the loop cannot panic: every index is masked")).collect()
    });
    let start = times.iter().map(|time| time.0).min().expect("there is at least one thread");
    let end = times.iter().map(|time| time.1).max().expect("there is at least one thread");
    (end - start).as_secs_f64()
}

/// The turns that keep one thread busy for about `seconds`.
pub fn calibrate(seconds: f64) -> u64 {
    let mut turns = 1 << 16;
    loop {
        let wall = sample(turns, 1);
        if wall >= seconds * 0.2 || turns >= 1 << 50 {
            return (turns as f64 * seconds / wall.max(1e-9)) as u64;
        }
        turns *= 2;
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn calibration_ends_and_threads_share_the_work() {
        let turns = super::calibrate(0.002);
        assert!(turns > 0);
        assert!(super::sample(turns, 3) > 0.0);
    }
}
