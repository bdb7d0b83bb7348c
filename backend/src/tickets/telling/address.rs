//! Where messages may go: http and https, and nothing inside the walls unless that is allowed.
//!
//! Whoever may add a webhook could otherwise have this server knock on doors that only it can
//! reach. A name is looked at when it is resolved, every time: what it means may change in between.

use domain::{Kind, Refusal};
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The longest address, in characters.
const MAX_CHARS: usize = 2_000;

/// Reads an address messages may go to.
///
/// # Errors
/// Invalid, saying what is wrong with it.
pub fn checked(text: &str, to_private: bool) -> Result<Url, Refusal> {
    let refused = |zh: &str, en: &str| Err(Refusal::new(Kind::Invalid, zh, en).at("url"));
    let url = Url::parse(text).ok().filter(|_| text.chars().count() <= MAX_CHARS);
    let Some(url) = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
    else {
        return refused(
            "推送地址应为 http 或 https 网址，且不超过 2000 个字符。",
            "The address must be a URL with http or https of at most 2,000 characters.",
        );
    };
    if !url.username().is_empty() || url.password().is_some() {
        return refused(
            "推送地址中不能含用户名和密码：推送以签名为凭。",
            "The address may not hold a user and password: the signature proves who sends.",
        );
    }
    if !to_private && ip_of(&url).is_some_and(is_private) {
        return refused(
            "推送地址在内网，未获准许。如确需推送，请以 --webhooks-to-private 启动服务。",
            "The address is private, which is not allowed. If it must be told, start the server \
             with --webhooks-to-private.",
        );
    }
    Ok(url)
}

/// The address that stands in a URL as a number, in whichever spelling.
fn ip_of(url: &Url) -> Option<IpAddr> {
    url.host_str()?.trim_matches(['[', ']']).parse().ok()
}

/// Whether an address is not one of the open internet: of this machine, of a private network, of
/// the link, for many at once, or reserved.
pub fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_private_v4(ip),
        IpAddr::V6(ip) => embedded(ip).map_or_else(|| is_private_v6(ip), is_private_v4),
    }
}

fn is_private_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || ip.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && b & 0xc0 == 64)
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && b & 0xfe == 18)
}

/// The address of version 4 that one of version 6 stands for: mapped, translated (64:ff9b::/96) or
/// by 6to4.
fn embedded(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let parts = ip.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    match parts {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            Some(v4(high, low))
        }
        [0x2002, high, low, ..] => Some(v4(high, low)),
        _ => None,
    }
}

/// Only 2000::/3 is given out for the open internet, and in it not what tunnels and examples use.
fn is_private_v6(ip: Ipv6Addr) -> bool {
    let [first, second, ..] = ip.segments();
    first & 0xe000 != 0x2000
        || (first == 0x2001 && (second < 0x200 || second == 0xdb8))
        || first & 0xfff0 == 0x3ff0
}

/// Why a name was not resolved: it means nothing but private addresses.
#[derive(Debug)]
pub struct PrivateName;

impl std::fmt::Display for PrivateName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the name means a private address")
    }
}

impl std::error::Error for PrivateName {}

/// Resolves names to their public addresses only.
pub struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<_> = found.filter(|at| !is_private(at.ip())).collect();
            if public.is_empty() {
                return Err(PrivateName.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_private_address_is_private() {
        for text in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f.0.0.1/",
            "http://0/",
            "https://10.1.2.3/hook",
            "https://172.16.0.1/",
            "https://192.168.1.1:8443/",
            "http://169.254.169.254/latest/meta-data",
            "http://100.64.0.1/",
            "http://198.18.0.1/",
            "http://224.0.0.1/",
            "http://255.255.255.255/",
            "http://[::1]/",
            "http://[::]/",
            "http://[fd00::1]/",
            "http://[fe80::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[64:ff9b::a00:1]/",
            "http://[2002:7f00:1::]/",
            "http://[2001:db8::1]/",
            "http://[ff02::1]/",
        ] {
            let refused = checked(text, false).expect_err(text);
            assert_eq!(refused.field.as_deref(), Some("url"), "{text}");
            assert!(checked(text, true).is_ok(), "{text} where it is allowed");
        }
        for text in ["https://example.org/", "http://8.8.8.8/", "https://[2400:3200::1]/hook?a=b"] {
            assert!(checked(text, false).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_for_messages_is_refused() {
        for text in [
            "",
            "example.org",
            "ftp://example.org/",
            "file:///etc/passwd",
            "http://",
            "https://user:word@example.org/",
            &format!("https://example.org/{}", "a".repeat(MAX_CHARS)),
        ] {
            assert!(checked(text, true).is_err(), "{text}");
        }
    }
}
