#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| xenspect_harness::words(data));
