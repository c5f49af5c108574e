//! Keys and signatures of OpenSSH as anybody may write them.

use xenspect_seal::{Digester, KeyError, SealSignature, SignatureState, Signer, TrustedKeys};

/// A private key that signs nothing but what is made here.
const KEY: &[u8] = include_bytes!("../seeds/keys/key");

/// Its public half.
const PUBLIC: &str = include_str!("../seeds/keys/key.pub");

/// What is signed.
const MESSAGE: &[u8] = b"a seal";

/// Reads the bytes as a private key, as a list of keys that are trusted, and as a signature.
///
/// Invariants:
/// - a private key that is read signs, and its signature reads, and is good for a list of its own public key;
/// - a list that was read can be judged by; comments and blank lines in it change nothing;
/// - the only signature over a message that is good is the one that its key made: none that says anything else is, and it is for
///   no other message.
///
/// # Panics
///
/// When one of them does not hold.
pub fn keys(data: &[u8]) {
    thread_local! {
        static OWN: Own = Own::new();
    }
    OWN.with(|own| with(own, data));
}

/// What every input is compared with.
struct Own {
    fingerprint: String,
    signature: SealSignature,
    trusted: TrustedKeys,
}

impl Own {
    fn new() -> Self {
        let key = Signer::from_openssh(KEY, None).expect("a key");
        let signature = key.sign(digested(MESSAGE)).expect("it signs");
        Self {
            fingerprint: key.fingerprint(),
            signature: SealSignature::parse(signature.as_bytes()).expect("it was written as one"),
            trusted: TrustedKeys::parse(PUBLIC).expect("a key"),
        }
    }
}

fn with(own: &Own, data: &[u8]) {
    let trusted = &own.trusted;
    match Signer::from_openssh(data, None) {
        Ok(signer) => {
            let signed = signer.sign(digested(MESSAGE)).expect("it signs");
            let read = SealSignature::parse(signed.as_bytes()).expect("it was written as one");
            let state = trusted.judge(&read, digested(MESSAGE));
            let is_own = signer.fingerprint() == own.fingerprint;
            match state {
                SignatureState::Good(key) => assert!(is_own && key == own.fingerprint),
                SignatureState::OtherKey(key) => assert!(!is_own && key == signer.fingerprint()),
                // A file whose two halves are of two keys.
                SignatureState::Bad(_) => assert!(is_own),
                state => panic!("{state:?}"),
            }
        }
        Err(KeyError::NoneUsable(_) | KeyError::Passphrase) => panic!("there was no passphrase"),
        Err(why) => assert!(!why.to_string().is_empty()),
    }
    let text = String::from_utf8_lossy(data);
    let list = TrustedKeys::parse(&text);
    let more = TrustedKeys::parse(&format!("# comment\n\n{text}\n\n# comment\n"));
    assert_eq!(list.as_ref().ok(), more.as_ref().ok());
    if let Ok(list) = &list
        && let SignatureState::Good(_) = list.judge(&own.signature, digested(MESSAGE))
    {
        assert!(names_own_key(&text), "a key that is not listed is trusted");
    }
    if let Ok(read) = SealSignature::parse(data) {
        for message in [MESSAGE, b"another seal"] {
            let mut digester = read.digester();
            digester.update(message);
            let state = trusted.judge(&read, digester);
            let is_good = matches!(state, SignatureState::Good(_));
            assert!(
                !is_good || message == MESSAGE,
                "it is good for another message"
            );
            assert!(
                !is_good || read == own.signature,
                "it is good and not what the key made: {read:?}"
            );
        }
        // Nothing is good over what nobody signed, whatever hashes it.
        let state = trusted.judge(&read, Digester::default());
        assert!(!matches!(state, SignatureState::Good(_)));
    }
}

/// Whether the public half of [`KEY`] stands in a text: its 32 bytes, that is, whatever is said of its length in front of them.
fn names_own_key(text: &str) -> bool {
    let encoded = PUBLIC.split(' ').nth(1).expect("kind, key, comment");
    text.contains(encoded.get(26..).expect("68 characters"))
}

fn digested(message: &[u8]) -> Digester {
    let mut digester = Digester::default();
    digester.update(message);
    digester
}
