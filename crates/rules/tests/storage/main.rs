//! What is said of an input whose storage fails: nothing of storage that is only slow or interrupted, and never a good verdict of one
//! that does not give what it should. Scripts are random; inputs are of every kind, as files and through pipes, with and without
//! digests, copy and manifest.

mod inputs;
mod refused;
mod script;
mod slow;
