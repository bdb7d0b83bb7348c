//! Passwords and session tokens: argon2id for the first, SHA-256 of 256 random bits for the second.

use argon2::password_hash::{PasswordHash, SaltString};
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use rand::RngCore;
use sha2::{Digest, Sha256};

/// The argon2id hash of a password as a PHC string. Takes tens of milliseconds on purpose: call it
/// off the async threads.
pub fn hash(password: &str) -> String {
    let mut salt = [0u8; 16];
    rand::rng().fill_bytes(&mut salt);
    let salt = SaltString::encode_b64(&salt).expect("16 bytes are a lawful salt");
    Argon2::default()
        .hash_password(password.as_bytes(), &salt)
        .expect("the default parameters are lawful")
        .to_string()
}

/// Whether the password matches the hash; with no hash it takes as long and answers no, so that
/// the time does not tell which log-in names exist.
pub fn matches(password: &str, hash: Option<&str>) -> bool {
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
                          AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(NOBODY)) else { return false };
    let matched = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
    matched && hash.is_some()
}

/// A new session token: 256 random bits in hexadecimal.
pub fn new_token() -> String {
    let mut token = [0u8; 32];
    rand::rng().fill_bytes(&mut token);
    token.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is kept of a token.
pub fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_matches_its_own_hash_and_no_other() {
        let stored = hash("网格123");
        assert!(matches("网格123", Some(&stored)));
        assert!(!matches("网格124", Some(&stored)));
        assert!(!matches("网格123", None));
        assert_ne!(hash("网格123"), stored, "salted");
    }

    #[test]
    fn a_token_is_256_random_bits() {
        assert_eq!(new_token().len(), 64);
        assert_ne!(new_token(), new_token());
        assert_eq!(token_hash("a").len(), 32);
    }
}
