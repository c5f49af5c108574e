#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| xenspect_harness::sexpr_round_trip(data));
