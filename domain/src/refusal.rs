//! Refusals: what a person reads when something is not done, and what to do about it.

use crate::words;
use serde::{Deserialize, Serialize};

words! {
    /// Why something was refused; each has its HTTP status.
    Kind {
        Malformed = "malformed", "格式有误", "malformed";
        Nobody = "nobody", "未登录", "not signed in";
        Forbidden = "forbidden", "无权限", "not allowed";
        Missing = "missing", "不存在", "not found";
        Moved = "moved", "已被他人更改", "changed by someone else";
        TooLarge = "too_large", "内容过大", "too large";
        Invalid = "invalid", "内容不合要求", "invalid";
        TooMuch = "too_much", "请求过多", "too many requests";
        Broken = "broken", "系统故障", "broken";
    }
}

impl Kind {
    /// The HTTP status code.
    pub const fn status(self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::Nobody => 401,
            Self::Forbidden => 403,
            Self::Missing => 404,
            Self::Moved => 409,
            Self::TooLarge => 413,
            Self::Invalid => 422,
            Self::TooMuch => 429,
            Self::Broken => 500,
        }
    }
}

/// A sentence in both languages.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Both {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Both {
    /// From the two sentences.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

/// A refusal: the answer to every call that was not carried out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Refusal {
    /// Which kind.
    pub kind: Kind,
    /// What is wrong and what to do, for a person.
    pub message: Both,
    /// The field at fault, where one is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub field: Option<String>,
}

impl Refusal {
    /// A refusal with its two sentences.
    pub fn new(kind: Kind, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { kind, message: Both::new(zh, en), field: None }
    }

    /// Names the field at fault.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} / {}", self.message.zh, self.message.en)
    }
}

impl std::error::Error for Refusal {}
