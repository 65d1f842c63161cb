//! `time`: clocks, sleeping, calendar time.

use std::time::Duration;

use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::{Maker, structseq};
use crate::object::{Obj, R, Raise};
use crate::types::str::to_text;
use crate::types::{float, int, tuple};

/// `time`
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    let struct_time = structseq::class(t, "time.struct_time", &STRUCT_TIME)?;
    let (offset, dst_offset, names) = zones();
    let zone_names = names.iter().map(|n| t.str(n)).collect();
    let zone_names = tuple::from_vec(t, zone_names);
    Maker::new(t, "time")
        .functions(&[
            ("time()", |t, _| Ok(float::new(t, seconds(now(libc::CLOCK_REALTIME))))),
            ("time_ns()", |t, _| Ok(int::from_i64(t, now(libc::CLOCK_REALTIME)))),
            ("perf_counter()", |t, _| Ok(float::new(t, seconds(now(libc::CLOCK_MONOTONIC))))),
            ("perf_counter_ns()", |t, _| Ok(int::from_i64(t, now(libc::CLOCK_MONOTONIC)))),
            ("monotonic()", |t, _| Ok(float::new(t, seconds(now(libc::CLOCK_MONOTONIC))))),
            ("monotonic_ns()", |t, _| Ok(int::from_i64(t, now(libc::CLOCK_MONOTONIC)))),
            ("process_time()", |t, _| Ok(float::new(t, seconds(now(libc::CLOCK_PROCESS_CPUTIME_ID))))),
            ("process_time_ns()", |t, _| Ok(int::from_i64(t, now(libc::CLOCK_PROCESS_CPUTIME_ID)))),
            ("thread_time()", |t, _| Ok(float::new(t, seconds(now(libc::CLOCK_THREAD_CPUTIME_ID))))),
            ("thread_time_ns()", |t, _| Ok(int::from_i64(t, now(libc::CLOCK_THREAD_CPUTIME_ID)))),
            ("clock_gettime(clk_id, /)", clock_gettime),
            ("clock_gettime_ns(clk_id, /)", clock_gettime_ns),
            ("clock_getres(clk_id, /)", clock_getres),
            ("sleep(seconds, /)", sleep),
        ])
        .functions(&[
            ("gmtime(seconds=None, /)", gmtime),
            ("localtime(seconds=None, /)", localtime),
            ("mktime(seconds, /)", mktime),
            ("asctime(t=None, /)", asctime),
            ("ctime(seconds=None, /)", ctime),
            ("strftime(format, t=None, /)", strftime),
            ("strptime(string, format='%a %b %d %H:%M:%S %Y', /)", strptime),
            ("get_clock_info(name, /)", get_clock_info),
            ("tzset()", |_, _| Ok(Obj::NONE)),
        ])
        .ints(&[
            ("CLOCK_REALTIME", libc::CLOCK_REALTIME as i64),
            ("CLOCK_MONOTONIC", libc::CLOCK_MONOTONIC as i64),
            ("CLOCK_MONOTONIC_RAW", libc::CLOCK_MONOTONIC_RAW as i64),
            ("CLOCK_BOOTTIME", libc::CLOCK_BOOTTIME as i64),
            ("CLOCK_PROCESS_CPUTIME_ID", libc::CLOCK_PROCESS_CPUTIME_ID as i64),
            ("CLOCK_THREAD_CPUTIME_ID", libc::CLOCK_THREAD_CPUTIME_ID as i64),
            ("timezone", -offset),
            ("altzone", -dst_offset),
            ("daylight", (offset != dst_offset) as i64),
            ("_STRUCT_TM_ITEMS", 11),
        ])
        .set("tzname", zone_names)
        .set("struct_time", struct_time)
        .finish()
}

const STRUCT_TIME: structseq::Fields = structseq::Fields {
    shown: &["tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst"],
    hidden: &["tm_zone", "tm_gmtoff"],
};

fn timespec(clock: libc::clockid_t) -> Option<libc::timespec> {
    let mut ts = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the call writes one timespec.
    (unsafe { libc::clock_gettime(clock, &raw mut ts) } == 0).then_some(ts)
}

/// Nanoseconds of a clock that always exists.
fn now(clock: libc::clockid_t) -> i64 {
    timespec(clock).map_or(0, |ts| ts.tv_sec * 1_000_000_000 + ts.tv_nsec)
}

fn seconds(nanoseconds: i64) -> f64 {
    nanoseconds as f64 * 1e-9
}

fn clock_arg<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> Result<i64, Raise> {
    let clock = t.index_i64(&args[0])?;
    match timespec(clock as libc::clockid_t) {
        Some(ts) => Ok(ts.tv_sec * 1_000_000_000 + ts.tv_nsec),
        None => Err(super::errno::raise_last(t, None)),
    }
}

fn clock_gettime<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let value = clock_arg(t, args)?;
    Ok(float::new(t, seconds(value)))
}

fn clock_gettime_ns<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let value = clock_arg(t, args)?;
    Ok(int::from_i64(t, value))
}

fn clock_getres<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let clock = t.index_i64(&args[0])?;
    let mut ts = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the call writes one timespec.
    if unsafe { libc::clock_getres(clock as libc::clockid_t, &raw mut ts) } != 0 {
        return Err(super::errno::raise_last(t, None));
    }
    Ok(float::new(t, ts.tv_sec as f64 + ts.tv_nsec as f64 * 1e-9))
}

/// A duration from a number of seconds, as `time.sleep` and lock time-outs take it.
pub fn duration<M: Memory>(t: &mut Thread<M>, seconds: &Obj<M>) -> Result<Option<Duration>, Raise> {
    let value = match int::to_i64(seconds) {
        Some(whole) => whole as f64,
        None => match float::value(seconds) {
            Some(value) => value,
            None => t.index_i64(seconds)? as f64,
        },
    };
    if value.is_nan() {
        return Err(t.raise(Kind::ValueError, "Invalid value NaN (not a number)"));
    }
    if value.abs() > 9.2e9 {
        return Err(t.raise(Kind::OverflowError, "timestamp too large to convert to C PyTime_t"));
    }
    Ok((value >= 0.0).then(|| Duration::from_secs_f64(value)))
}

/// `time.sleep`: a signal handler runs in between, and the rest of the time is slept afterwards.
fn sleep<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let Some(time) = duration(t, &args[0])? else {
        return Err(t.raise(Kind::ValueError, "sleep length must be non-negative"));
    };
    let end = now(libc::CLOCK_MONOTONIC) + time.as_nanos() as i64;
    let until = libc::timespec { tv_sec: end / 1_000_000_000, tv_nsec: end % 1_000_000_000 };
    loop {
        let result = t.blocking(|| {
            // SAFETY: an absolute sleep reads one timespec and writes nothing.
            unsafe {
                libc::clock_nanosleep(
                    libc::CLOCK_MONOTONIC,
                    libc::TIMER_ABSTIME,
                    &raw const until,
                    std::ptr::null_mut(),
                )
            }
        });
        t.poll()?;
        if result != libc::EINTR {
            return Ok(Obj::NONE);
        }
    }
}

/// Seconds since the epoch from an optional argument.
fn epoch<M: Memory>(t: &mut Thread<M>, value: Option<&Obj<M>>) -> Result<i64, Raise> {
    let Some(value) = value else { return Ok(now(libc::CLOCK_REALTIME).div_euclid(1_000_000_000)) };
    if let Some(whole) = int::to_i64(value) {
        return Ok(whole);
    }
    let Some(f) = float::value(value) else { return t.index_i64(value) };
    if f.is_nan() {
        return Err(t.raise(Kind::ValueError, "Invalid value NaN (not a number)"));
    }
    if f.abs() > 6.7e16 {
        return Err(t.raise(Kind::OverflowError, "timestamp out of range for platform time_t"));
    }
    Ok(f.floor() as i64)
}

fn zeroed_tm() -> libc::tm {
    // SAFETY: a tm is numbers and a pointer that may be null.
    unsafe { std::mem::zeroed() }
}

fn broken_down(seconds: i64, local: bool) -> Option<libc::tm> {
    let mut tm = zeroed_tm();
    // SAFETY: both functions read one time and write one tm.
    let done = unsafe {
        if local {
            libc::localtime_r(&raw const seconds, &raw mut tm)
        } else {
            libc::gmtime_r(&raw const seconds, &raw mut tm)
        }
    };
    (!done.is_null()).then_some(tm)
}

fn zone_of(tm: &libc::tm) -> String {
    if tm.tm_zone.is_null() {
        return String::new();
    }
    // SAFETY: the C library's zone names live as long as the process.
    unsafe { std::ffi::CStr::from_ptr(tm.tm_zone) }.to_string_lossy().into_owned()
}

/// Offsets east of Greenwich in winter and summer, and the names of both.
fn zones() -> (i64, i64, [String; 2]) {
    let year = broken_down(now(libc::CLOCK_REALTIME) / 1_000_000_000, true).map_or(2026, |tm| tm.tm_year as i64 + 1900);
    let january = ((year - 1970) as f64 * 365.2425 * 86400.0) as i64 + 5 * 86400;
    let halves = [january, january + 182 * 86400].map(|s| broken_down(s, true).unwrap_or_else(zeroed_tm));
    let (winter, summer) = if halves[0].tm_isdst > 0 { (halves[1], halves[0]) } else { (halves[0], halves[1]) };
    (winter.tm_gmtoff, summer.tm_gmtoff, [zone_of(&winter), zone_of(&summer)])
}

fn to_struct<M: Memory>(t: &mut Thread<M>, tm: &libc::tm, zone: &str) -> R<M> {
    let numbers = [
        tm.tm_year as i64 + 1900,
        tm.tm_mon as i64 + 1,
        tm.tm_mday as i64,
        tm.tm_hour as i64,
        tm.tm_min as i64,
        tm.tm_sec as i64,
        (tm.tm_wday as i64 + 6) % 7,
        tm.tm_yday as i64 + 1,
        tm.tm_isdst as i64,
    ];
    let values = numbers.iter().map(|&n| int::from_i64(t, n)).collect();
    let hidden = vec![t.str(zone), int::from_i64(t, tm.tm_gmtoff)];
    structseq::make(t, "time.struct_time", &STRUCT_TIME, values, hidden)
}

fn calendar<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, local: bool) -> R<M> {
    let seconds = epoch(t, args.some(0))?;
    let Some(tm) = broken_down(seconds, local) else {
        return Err(t.raise(Kind::OverflowError, "timestamp out of range for platform time_t"));
    };
    let zone = if local { zone_of(&tm) } else { "UTC".to_string() };
    to_struct(t, &tm, &zone)
}

fn gmtime<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    calendar(t, args, false)
}

fn localtime<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    calendar(t, args, true)
}

/// A tm from a 9-tuple; the current time without one.
fn from_tuple<M: Memory>(t: &mut Thread<M>, value: Option<&Obj<M>>) -> Result<libc::tm, Raise> {
    let Some(value) = value else {
        let seconds = epoch(t, None)?;
        return Ok(broken_down(seconds, true).unwrap_or_else(zeroed_tm));
    };
    if !t.is_instance(value, t.builtin(crate::types::ids::Builtin::Tuple)) {
        return Err(t.raise(Kind::TypeError, "Tuple or struct_time argument required"));
    }
    let items = tuple::items(value).to_vec();
    if items.len() != 9 {
        return Err(t.raise(Kind::TypeError, "function missing required argument"));
    }
    let mut n = [0i32; 9];
    for (slot, item) in n.iter_mut().zip(&items) {
        let wide = t.index_i64(item)?;
        *slot = match i32::try_from(wide) {
            Ok(narrow) => narrow,
            Err(_) => return Err(t.raise(Kind::OverflowError, "signed integer is greater than maximum")),
        };
    }
    let mut tm = zeroed_tm();
    tm.tm_year = n[0].wrapping_sub(1900);
    tm.tm_mon = n[1] - 1;
    (tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec) = (n[2], n[3], n[4], n[5]);
    tm.tm_wday = (n[6] + 1).rem_euclid(7);
    tm.tm_yday = n[7] - 1;
    tm.tm_isdst = n[8];
    Ok(tm)
}

/// Zeroes that stand for the first are put right; everything else out of its range is refused.
fn check_ranges<M: Memory>(t: &mut Thread<M>, tm: &mut libc::tm) -> Result<(), Raise> {
    tm.tm_mon = tm.tm_mon.max(0);
    tm.tm_mday = if tm.tm_mday == 0 { 1 } else { tm.tm_mday };
    tm.tm_yday = tm.tm_yday.max(0);
    let checks = [
        (0..=11, tm.tm_mon, "month out of range"),
        (1..=31, tm.tm_mday, "day of month out of range"),
        (0..=23, tm.tm_hour, "hour out of range"),
        (0..=59, tm.tm_min, "minute out of range"),
        (0..=61, tm.tm_sec, "seconds out of range"),
        (0..=365, tm.tm_yday, "day of year out of range"),
    ];
    for (range, value, message) in checks {
        if !range.contains(&value) {
            return Err(t.raise(Kind::ValueError, message));
        }
    }
    Ok(())
}

fn mktime<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let mut tm = from_tuple(t, Some(&args[0]))?;
    tm.tm_wday = -1;
    // SAFETY: the call reads and normalises one tm.
    let seconds = unsafe { libc::mktime(&raw mut tm) };
    if seconds == -1 && tm.tm_wday == -1 {
        return Err(t.raise(Kind::OverflowError, "mktime argument out of range"));
    }
    Ok(float::new(t, seconds as f64))
}

const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn as_text(tm: &libc::tm) -> String {
    format!(
        "{} {}{:3} {:02}:{:02}:{:02} {}",
        DAYS[tm.tm_wday.rem_euclid(7) as usize],
        MONTHS[tm.tm_mon.clamp(0, 11) as usize],
        tm.tm_mday,
        tm.tm_hour,
        tm.tm_min,
        tm.tm_sec,
        tm.tm_year as i64 + 1900
    )
}

fn asctime<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let mut tm = from_tuple(t, args.some(0))?;
    check_ranges(t, &mut tm)?;
    Ok(t.string(as_text(&tm)))
}

fn ctime<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let seconds = epoch(t, args.some(0))?;
    match broken_down(seconds, true) {
        Some(tm) => Ok(t.string(as_text(&tm))),
        None => Err(t.raise(Kind::OverflowError, "timestamp out of range for platform time_t")),
    }
}

fn strftime<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let mut tm = from_tuple(t, args.get(1))?;
    check_ranges(t, &mut tm)?;
    let format = to_text(&args[0]).into_owned();
    if !crate::import::is_str(&args[0]) {
        let class = t.class_name(&args[0]);
        return Err(t.raise(Kind::TypeError, format!("strftime() argument 1 must be str, not {class}")));
    }
    if format.is_empty() {
        return Ok(t.str(""));
    }
    let Ok(c_format) = std::ffi::CString::new(format.as_bytes()) else {
        return Err(t.raise(Kind::ValueError, "embedded null character"));
    };
    let mut buffer = vec![0u8; 256 + format.len()];
    loop {
        // SAFETY: the buffer has the length that is passed; format and tm are valid.
        let n = unsafe { libc::strftime(buffer.as_mut_ptr().cast(), buffer.len(), c_format.as_ptr(), &raw const tm) };
        // Zero is also an empty result; a buffer of this size cannot be too small for anything sensible.
        if n > 0 || buffer.len() > 256 * (format.len() + 1) {
            return Ok(t.string(String::from_utf8_lossy(&buffer[..n]).into_owned()));
        }
        buffer.resize(buffer.len() * 2, 0);
    }
}

fn strptime<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let f = crate::import::attribute(t, "_strptime", "_strptime_time")?;
    let given: Vec<Obj<M>> = args.slots.iter().filter(|o| !o.is_null()).cloned().collect();
    t.call(&f, &given)
}

fn get_clock_info<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (implementation, monotonic, adjustable) = match &*to_text(&args[0]) {
        "time" => ("clock_gettime(CLOCK_REALTIME)", false, true),
        "monotonic" | "perf_counter" => ("clock_gettime(CLOCK_MONOTONIC)", true, false),
        "process_time" => ("clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", true, false),
        "thread_time" => ("clock_gettime(CLOCK_THREAD_CPUTIME_ID)", true, false),
        _ => return Err(t.raise(Kind::ValueError, "unknown clock")),
    };
    let implementation = t.str(implementation);
    let resolution = float::new(t, 1e-9);
    super::namespace(
        t,
        vec![
            ("implementation", implementation),
            ("monotonic", Obj::bool(monotonic)),
            ("adjustable", Obj::bool(adjustable)),
            ("resolution", resolution),
        ],
    )
}
