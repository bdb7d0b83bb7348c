//! Tracking codes are derived, not stored: the proof in a code is an HMAC of the report's number
//! under a secret of this installation. So taking a report costs no column and no index, a repeated
//! key is answered with the same code, and whoever copies the reports alone cannot follow them.

use super::store;
use anyhow::Context;
use domain::ids::ReportId;
use domain::reports::Code;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio_postgres::GenericClient;

/// Makes and checks codes. It is neither printed nor logged: it holds the secret.
pub struct Codes(Hmac<Sha256>);

impl Codes {
    /// With the secret of this database, which was made with it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn load(db: &impl GenericClient) -> anyhow::Result<Self> {
        let secret = store::tracking_secret(db).await.context("the secret of tracking codes")?;
        Ok(Self::new(&secret)?)
    }

    fn new(secret: &[u8]) -> Result<Self, hmac::digest::InvalidLength> {
        Ok(Self(Hmac::new_from_slice(secret)?))
    }

    /// The code of a report.
    pub fn of(&self, report: ReportId) -> Code {
        let mut mac = self.0.clone();
        mac.update(b"report ");
        mac.update(&report.0.to_be_bytes());
        let mut proof = [0; 8];
        proof.copy_from_slice(&mac.finalize().into_bytes()[..8]);
        Code::new(report, u64::from_be_bytes(proof))
    }

    /// The report whose code was typed; `None`: it is the code of none.
    pub fn read(&self, typed: &str) -> Option<ReportId> {
        let code: Code = typed.parse().ok()?;
        (self.of(code.report) == code).then_some(code.report)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_opens_its_own_report_and_under_its_own_secret_only() {
        let codes = Codes::new(&[7; 32]).expect("a lawful secret");
        let code = codes.of(ReportId(41));
        assert_eq!(codes.read(&code.to_string()), Some(ReportId(41)));
        assert_eq!(codes.of(ReportId(41)), code, "asked again it is the same");
        let told = code.to_string();
        let (proof, _) = told.rsplit_once('-').expect("groups");
        assert_eq!(codes.read(&format!("{proof}-42")), None, "another report's number");
        let others = Codes::new(&[8; 32]).expect("a lawful secret");
        assert_eq!(others.read(&told), None);
    }

    #[test]
    fn codes_of_neighbours_have_nothing_in_common() {
        let codes = Codes::new(&[7; 32]).expect("a lawful secret");
        let mut groups = std::collections::BTreeSet::new();
        for report in 1..=1_000 {
            let told = codes.of(ReportId(report)).to_string();
            groups.insert(told[..14].to_owned());
        }
        assert_eq!(groups.len(), 1_000);
    }
}
