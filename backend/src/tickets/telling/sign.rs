//! Secrets and signatures, as the Standard Webhooks convention has them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::tickets::telling::SECRET_PREFIX;
use domain::{Kind, Refusal};
use hmac::{Hmac, KeyInit, Mac};
use rand::RngCore;
use sha2::Sha256;

/// Bytes of a secret made here; of one brought along, 24 to 64.
const SECRET_BYTES: usize = 32;

/// What messages are signed with. It shows itself to nobody who prints it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl From<Vec<u8>> for Secret {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl Secret {
    /// A new one.
    pub fn new() -> Self {
        let mut bytes = vec![0; SECRET_BYTES];
        rand::rng().fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// One brought along: `whsec_` and base64.
    ///
    /// # Errors
    /// Invalid, saying how it is written; never the secret itself.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let bytes = text.strip_prefix(SECRET_PREFIX).and_then(|rest| STANDARD.decode(rest).ok());
        bytes.filter(|bytes| (24..=64).contains(&bytes.len())).map(Self).ok_or_else(|| {
            Refusal::new(
                Kind::Invalid,
                "密钥应为 whsec_ 加 24 至 64 个随机字节的 base64；留空则由系统生成。",
                "A secret is whsec_ and the base64 of 24 to 64 random bytes; leave it out and one \
                 is made.",
            )
            .at("secret")
        })
    }

    /// As it is written down.
    pub fn text(&self) -> String {
        format!("{SECRET_PREFIX}{}", STANDARD.encode(&self.0))
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The signature of a message: id, Unix seconds of the attempt, body.
    pub fn signature(&self, id: &str, seconds: i64, body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes every key");
        mac.update(format!("{id}.{seconds}.").as_bytes());
        mac.update(body);
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

impl Default for Secret {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_signed_as_the_published_vector_says() {
        let secret = Secret::read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a secret");
        let body = br#"{"test": 2432232314}"#;
        assert_eq!(
            secret.signature("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    #[test]
    fn a_secret_reads_back_as_written_and_does_not_show_itself() {
        let secret = Secret::new();
        assert_eq!(Secret::read(&secret.text()), Ok(secret.clone()));
        assert_eq!(format!("{secret:?}"), "Secret");
        assert_ne!(secret, Secret::new());
    }

    #[test]
    fn what_is_no_secret_is_refused_without_repeating_it() {
        for text in ["", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64", "MfKQ9r8GKYqrTwjUPD8ILPZI"]
        {
            let refused = Secret::read(text).expect_err(text);
            assert!(text.is_empty() || !refused.to_string().contains(text) || text == "whsec_");
        }
    }
}
