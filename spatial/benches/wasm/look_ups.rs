//! The look-ups as a WebAssembly module for `benches/wasm`: two plain exports, no bindings.
#![allow(unsafe_code)] // an export's unmangled name is the only thing unsafe here

mod work;

use std::cell::RefCell;
use work::Work;

thread_local! {
    static WORK: RefCell<Option<Work>> = const { RefCell::new(None) };
}

/// Makes the city and its index.
// SAFETY: no other symbol of this module has the name.
#[unsafe(no_mangle)]
pub extern "C" fn prepare() {
    WORK.with_borrow_mut(|work| *work = Some(Work::new()));
}

/// Does a job and gives its sum; 0 before `prepare`.
// SAFETY: no other symbol of this module has the name.
#[unsafe(no_mangle)]
pub extern "C" fn run(job: u32) -> u32 {
    WORK.with_borrow_mut(|work| work.as_mut().map_or(0, |work| work.run(job as usize)))
}
