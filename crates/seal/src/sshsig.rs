//! Signatures of seals, in the format of OpenSSH (`PROTOCOL.sshsig`), by Ed25519 keys. `ssh-keygen -Y verify` accepts those made
//! here, and those of `ssh-keygen -Y sign` are accepted.
//!
//! A seal can have a gigabyte, so what is signed is hashed while it is read or written and never held.

use signature::Verifier;
use ssh_key::public::KeyData;
use ssh_key::{HashAlg, LineEnding, PrivateKey, PublicKey, SigningKey, SshSig};
use thiserror::Error;

use sha2::{Digest, Sha256, Sha512};

/// What signatures of seals are for. A signature for anything else counts as none of this seal.
pub const NAMESPACE: &str = "xenspect-seal";

/// Hashes what is signed.
#[derive(Debug, Clone)]
pub struct Digester(Hasher);

#[derive(Debug, Clone)]
enum Hasher {
    Sha256(Sha256),
    Sha512(Sha512),
}

impl Default for Digester {
    /// By SHA-512, as signatures are made.
    fn default() -> Self {
        Self(Hasher::Sha512(Sha512::new()))
    }
}

impl Digester {
    /// Takes more of what is signed.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            Hasher::Sha256(hasher) => hasher.update(bytes),
            Hasher::Sha512(hasher) => hasher.update(bytes),
        }
    }

    /// What is signed in the end: the digest with what it is for.
    fn blob(self, namespace: &str, reserved: &[u8]) -> Vec<u8> {
        let (name, digest) = match self.0 {
            Hasher::Sha256(hasher) => ("sha256", hasher.finalize().to_vec()),
            Hasher::Sha512(hasher) => ("sha512", hasher.finalize().to_vec()),
        };
        let mut blob = b"SSHSIG".to_vec();
        for part in [namespace.as_bytes(), reserved, name.as_bytes(), &digest] {
            let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
            blob.extend_from_slice(&length.to_be_bytes());
            blob.extend_from_slice(part);
        }
        blob
    }
}

/// Why a key cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyError {
    /// It cannot be read as a key.
    #[error("is no key in the format of OpenSSH: {0}")]
    Unreadable(String),
    /// It is of another kind.
    #[error("is a key of the kind {0}; seals are signed with ssh-ed25519")]
    Kind(String),
    /// It is encrypted and there is no passphrase.
    #[error("is encrypted, and no passphrase was given")]
    Encrypted,
    /// The passphrase is wrong.
    #[error("cannot be decrypted: the passphrase is wrong")]
    Passphrase,
    /// None is among those that are listed.
    #[error("names no ssh-ed25519 key that can be used for seals{0}")]
    NoneUsable(String),
}

/// A private key that signs seals.
#[derive(Debug)]
pub struct Signer(PrivateKey);

impl Signer {
    /// Reads a private key as `ssh-keygen` writes it.
    ///
    /// # Errors
    ///
    /// [`KeyError`].
    pub fn from_openssh(text: &[u8], passphrase: Option<&[u8]>) -> Result<Self, KeyError> {
        let key = PrivateKey::from_openssh(text)
            .map_err(|error| KeyError::Unreadable(error.to_string()))?;
        let key = match (key.is_encrypted(), passphrase) {
            (false, _) => key,
            (true, None) => return Err(KeyError::Encrypted),
            (true, Some(passphrase)) => {
                key.decrypt(passphrase).map_err(|_| KeyError::Passphrase)?
            }
        };
        if !key.algorithm().is_ed25519() {
            return Err(KeyError::Kind(key.algorithm().to_string()));
        }
        Ok(Self(key))
    }

    /// The fingerprint of the key, as `ssh-keygen -l` shows it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint(HashAlg::Sha256).to_string()
    }

    /// Signs what was hashed. The text is that of a `.sig` file.
    ///
    /// # Errors
    ///
    /// In words, if the key does not sign.
    pub fn sign(&self, digester: Digester) -> Result<String, String> {
        armored(&self.0, digester).map_err(|error| error.to_string())
    }
}

fn armored<K: SigningKey>(key: &K, digester: Digester) -> ssh_key::Result<String> {
    let algorithm = match digester.0 {
        Hasher::Sha256(_) => HashAlg::Sha256,
        Hasher::Sha512(_) => HashAlg::Sha512,
    };
    let signature = key.try_sign(&digester.blob(NAMESPACE, &[]))?;
    SshSig::new(key.public_key(), NAMESPACE, algorithm, signature)?.to_pem(LineEnding::LF)
}

/// Public keys whose signatures count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedKeys(Vec<KeyData>);

impl TrustedKeys {
    /// Reads a public key file, lines of such, or an `allowed_signers` file. Of the latter names do not count, and lines are
    /// passed over that are for other namespaces, that name an authority, or that hold for a time only.
    ///
    /// # Errors
    ///
    /// [`KeyError`] if no key is left.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let mut keys = Vec::new();
        let mut passed_over = 0_u64;
        for line in text.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match key_of_line(line) {
                Some(key) => keys.push(key),
                None => passed_over = passed_over.saturating_add(1),
            }
        }
        if keys.is_empty() {
            let lines = match passed_over {
                0 => String::new(),
                1 => " (1 line was passed over)".to_owned(),
                many => format!(" ({many} lines were passed over)"),
            };
            return Err(KeyError::NoneUsable(lines));
        }
        Ok(Self(keys))
    }

    /// What a signature is worth over what was hashed.
    #[must_use]
    pub fn judge(&self, signature: &SealSignature, digester: Digester) -> SignatureState {
        let SealSignature(signature) = signature;
        let key = signature.public_key();
        let fingerprint = key.fingerprint(HashAlg::Sha256).to_string();
        if !self.0.contains(key) {
            return SignatureState::OtherKey(fingerprint);
        }
        let blob = digester.blob(signature.namespace(), signature.reserved());
        let holds =
            signature.namespace() == NAMESPACE && key.verify(&blob, signature.signature()).is_ok();
        if holds {
            SignatureState::Good(fingerprint)
        } else {
            SignatureState::Bad(fingerprint)
        }
    }
}

/// The key of a line of one of the three kinds of file.
fn key_of_line(line: &str) -> Option<KeyData> {
    const KIND: &str = "ssh-ed25519";
    // Options can hold blanks in quotes, but a key has none, so that the last part of this name begins it.
    let mut quoted = false;
    let mut words = line.split(|c: char| {
        quoted ^= c == '"';
        c.is_whitespace() && !quoted
    });
    let before: Vec<&str> = words.by_ref().take_while(|word| *word != KIND).collect();
    let usable = match before.as_slice() {
        [] | [_] => true,
        [_, options @ ..] => options.iter().all(|options| are_of_use(options)),
    };
    let encoded = words.find(|word| !word.is_empty()).filter(|_| usable)?;
    let key = PublicKey::from_openssh(&format!("{KIND} {encoded}")).ok()?;
    key.algorithm().is_ed25519().then(|| key.key_data().clone())
}

/// Whether the options of a line leave its key to seals.
fn are_of_use(options: &str) -> bool {
    let mut quoted = false;
    let parts = options.split(|c: char| {
        quoted ^= c == '"';
        c == ',' && !quoted
    });
    parts.filter(|part| !part.is_empty()).all(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        name.eq_ignore_ascii_case("namespaces")
            && value
                .trim_matches('"')
                .split(',')
                .any(|namespace| namespace == NAMESPACE || namespace == "*")
    })
}

/// A signature of a seal. Two are equal when all that they say is: key, namespace, way of hashing and the signature's bytes. How
/// the file breaks its lines does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealSignature(SshSig);

impl SealSignature {
    /// Reads a `.sig` file.
    ///
    /// # Errors
    ///
    /// In words, if it is none.
    pub fn parse(text: &[u8]) -> Result<Self, String> {
        SshSig::from_pem(text)
            .map(Self)
            .map_err(|error| error.to_string())
    }

    /// What hashes the seal as this signature wants it.
    #[must_use]
    pub fn digester(&self) -> Digester {
        match self.0.hash_alg() {
            HashAlg::Sha256 => Digester(Hasher::Sha256(Sha256::new())),
            _ => Digester::default(),
        }
    }
}

/// What a signature is worth. Keys are told by their fingerprints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignatureState {
    /// A key that is trusted made it, over this seal.
    Good(String),
    /// It names a key that is trusted, and is not over this seal.
    Bad(String),
    /// It names another key.
    OtherKey(String),
    /// There is none.
    Missing,
    /// It cannot be read; in words why.
    Unreadable(String),
}
