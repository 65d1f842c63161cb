//! The native loop behind `ceiling(n)`: what this machine gives n threads at all, measured in the same rounds as the rest.

use std::hint::black_box;
use std::sync::Barrier;
use std::thread;
use std::time::Instant;

/// Dependent arithmetic in registers: nothing is shared, nothing is loaded.
fn spin(turns: u64, seed: u64) -> u64 {
    let mut x = seed | 1;
    for _ in 0..black_box(turns) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
    }
    x
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
                    black_box(spin(share, index));
                    (start, Instant::now())
                })
            })
            .collect();
        members.into_iter().map(|member| member.join().expect("spinning cannot panic")).collect()
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
