//! Words: closed sets with one spelling on the wire and in the database, and two for people.

/// One of a closed set of words.
pub trait Word: Sized + Copy + 'static {
    /// Every word of the set, in the order a person should see them.
    const ALL: &'static [Self];
    /// The spelling in JSON, in the database, in URLs and on the command line.
    fn code(self) -> &'static str;
    /// What a Chinese reader sees.
    fn zh(self) -> &'static str;
    /// What an English reader sees.
    fn en(self) -> &'static str;
    /// The word with this code.
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|word| word.code() == code)
    }
}

/// Declares a [`Word`]: one line each with code, Chinese and English.
#[macro_export]
macro_rules! words {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$vdoc:meta])* $variant:ident = $code:literal, $zh:literal, $en:literal;)+
    }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug,
            serde::Serialize, serde::Deserialize, schemars::JsonSchema,
        )]
        pub enum $name {
            $($(#[$vdoc])* #[doc = concat!($zh, ": ", $en)] #[serde(rename = $code)] $variant,)+
        }
        impl $crate::word::Word for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            fn code(self) -> &'static str { match self { $(Self::$variant => $code),+ } }
            fn zh(self) -> &'static str { match self { $(Self::$variant => $zh),+ } }
            fn en(self) -> &'static str { match self { $(Self::$variant => $en),+ } }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::word::Word::code(*self))
            }
        }
    };
}
