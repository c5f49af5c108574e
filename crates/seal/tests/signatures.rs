//! Signatures in both directions with the ssh-keygen of OpenSSH.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use xenspect_seal::{
    Digester, KeyError, NAMESPACE, SealSignature, SignatureState, Signer, TrustedKeys,
};

const TEXT: &[u8] = b"{\"seal\":1,\n";

fn keygen(folder: &Path, args: &[&str], input: &[u8]) -> Option<(bool, String)> {
    let mut child = Command::new("ssh-keygen")
        .current_dir(folder)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    // It may end before it has read all.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().ok()?;
    let said = [output.stdout, output.stderr].concat();
    Some((
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    ))
}

/// A folder with keys of these names, or nothing where there is no ssh-keygen.
fn with_keys(keys: &[(&str, &str, &str)]) -> Option<tempfile::TempDir> {
    let folder = tempfile::tempdir().unwrap();
    for (name, kind, passphrase) in keys {
        let args = [
            "-q", "-t", kind, "-N", passphrase, "-C", "backup", "-f", name,
        ];
        let Some((true, _)) = keygen(folder.path(), &args, b"") else {
            let _ = writeln!(std::io::stderr(), "skipped: there is no ssh-keygen");
            return None;
        };
    }
    Some(folder)
}

fn read(folder: &tempfile::TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap()
}

fn hashed(mut digester: Digester, text: &[u8]) -> Digester {
    for piece in text.chunks(5) {
        digester.update(piece);
    }
    digester
}

#[test]
fn ssh_keygen_accepts_what_is_signed_here() {
    let Some(folder) = with_keys(&[("one", "ed25519", "")]) else {
        return;
    };
    let signer = Signer::from_openssh(read(&folder, "one").as_bytes(), None).unwrap();
    let (_, listed) = keygen(folder.path(), &["-l", "-f", "one.pub"], b"").unwrap();
    assert!(listed.contains(&signer.fingerprint()), "{listed}");
    let signature = signer.sign(hashed(Digester::default(), TEXT)).unwrap();
    fs::write(folder.path().join("seal.sig"), signature).unwrap();
    let allowed = format!("backup@example {}", read(&folder, "one.pub"));
    fs::write(folder.path().join("allowed"), allowed).unwrap();
    let verify = |text: &[u8], namespace| {
        let args = [
            "-Y",
            "verify",
            "-n",
            namespace,
            "-f",
            "allowed",
            "-I",
            "backup@example",
            "-s",
            "seal.sig",
        ];
        keygen(folder.path(), &args, text).unwrap()
    };
    let (good, said) = verify(TEXT, NAMESPACE);
    assert!(good, "{said}");
    assert!(
        said.contains("Good \"xenspect-seal\" signature for backup@example"),
        "{said}"
    );
    assert!(!verify(b"other", NAMESPACE).0);
    assert!(!verify(TEXT, "file").0);
}

#[test]
fn what_ssh_keygen_signs_is_accepted() {
    let Some(folder) = with_keys(&[("one", "ed25519", ""), ("other", "ed25519", "")]) else {
        return;
    };
    for hash in ["sha512", "sha256"] {
        let option = format!("hashalg={hash}");
        let sign = |namespace: &str| {
            let args = [
                "-Y", "sign", "-q", "-n", namespace, "-O", &option, "-f", "one",
            ];
            let (signed, text) = keygen(folder.path(), &args, TEXT).unwrap();
            assert!(signed, "{text}");
            SealSignature::parse(text.as_bytes()).unwrap()
        };
        let signature = sign(NAMESPACE);
        let judged = |keys: &str, text: &[u8]| {
            let keys = TrustedKeys::parse(keys).unwrap();
            keys.judge(&signature, hashed(signature.digester(), text))
        };
        let (one, other) = (read(&folder, "one.pub"), read(&folder, "other.pub"));
        let signer = Signer::from_openssh(read(&folder, "one").as_bytes(), None).unwrap();
        let key = signer.fingerprint();
        assert_eq!(judged(&one, TEXT), SignatureState::Good(key.clone()));
        assert_eq!(
            judged(&format!("{other}{one}"), TEXT),
            SignatureState::Good(key.clone())
        );
        assert_eq!(judged(&one, b"other"), SignatureState::Bad(key.clone()));
        assert_eq!(judged(&other, TEXT), SignatureState::OtherKey(key.clone()));
        // A signature of the same bytes for another purpose is none of a seal.
        let of_file = sign("file");
        let keys = TrustedKeys::parse(&one).unwrap();
        let state = keys.judge(&of_file, hashed(of_file.digester(), TEXT));
        assert_eq!(state, SignatureState::Bad(key));
    }
}

#[test]
fn keys_that_cannot_sign_are_told() {
    let kinds = [
        ("locked", "ed25519", "secret words"),
        ("ecdsa", "ecdsa", ""),
    ];
    let Some(folder) = with_keys(&kinds) else {
        return;
    };
    let locked = read(&folder, "locked");
    let with = |passphrase| Signer::from_openssh(locked.as_bytes(), passphrase).map(drop);
    assert_eq!(with(None), Err(KeyError::Encrypted));
    assert_eq!(with(Some(&b"wrong"[..])), Err(KeyError::Passphrase));
    assert_eq!(with(Some(&b"secret words"[..])), Ok(()));
    let of = |text: &str| Signer::from_openssh(text.as_bytes(), None).map(drop);
    assert!(matches!(
        of(&read(&folder, "ecdsa")),
        Err(KeyError::Kind(_) | KeyError::Unreadable(_))
    ));
    assert!(matches!(of("no key"), Err(KeyError::Unreadable(_))));
    let none = TrustedKeys::parse(&read(&folder, "ecdsa.pub"));
    assert_eq!(
        none.unwrap_err().to_string(),
        "names no ssh-ed25519 key that can be used for seals (1 line was passed over)"
    );
}

#[test]
fn lines_of_allowed_signers_are_read_as_ssh_keygen_does() {
    const KEY: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti";
    for (line, taken) in [
        (KEY.to_owned(), true),
        (format!("{KEY} somebody with blanks"), true),
        (format!("  a@example {KEY}"), true),
        (format!("a@example,b@example {KEY} words"), true),
        (format!("\"a b@example\" {KEY}"), true),
        (
            format!("a@example namespaces=\"xenspect-seal\" {KEY}"),
            true,
        ),
        (
            format!("a@example namespaces=\"git,xenspect-seal\" {KEY}"),
            true,
        ),
        (format!("a@example namespaces=\"git\" {KEY}"), false),
        (format!("a@example cert-authority {KEY}"), false),
        (format!("a@example valid-before=\"20300101\" {KEY}"), false),
        (
            format!("a@example namespaces=\"xenspect-seal\",valid-after=\"2020\" {KEY}"),
            false,
        ),
        (format!("# {KEY}"), false),
        ("ssh-ed25519".to_owned(), false),
        ("ssh-ed25519 AAAA".to_owned(), false),
        (String::new(), false),
    ] {
        assert_eq!(TrustedKeys::parse(&line).is_ok(), taken, "{line}");
    }
}

#[test]
fn what_is_no_signature_is_refused() {
    for text in [
        "",
        "x",
        "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n",
    ] {
        assert!(SealSignature::parse(text.as_bytes()).is_err(), "{text}");
    }
}
