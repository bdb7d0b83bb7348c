//! Units and people as lists, and what an administrator does with them. Nothing is ever deleted.

use super::{Post, Role, Unit, UnitKind};
use crate::call::{Call, Verb, Who};
use crate::ids::{PersonId, UnitId};
use crate::refusal::{Kind, Refusal};
use serde::{Deserialize, Serialize};

/// Who adds and changes people.
const KEEPERS: Who = Who::Roles(&[Role::Administrator]);

/// The longest name of a unit or person, and the longest log-in name, in characters.
pub const NAME_MAX_CHARS: usize = 100;
/// The fewest characters of a password.
pub const PASSWORD_MIN_CHARS: usize = 10;
/// The most.
pub const PASSWORD_MAX_CHARS: usize = 200;

/// Whether a password will do: long enough, and not the log-in name in disguise. Nothing is asked
/// of its kinds of characters, which makes passwords worse.
///
/// # Errors
/// Invalid, saying what is wrong with it.
pub fn check_password(login: &str, password: &str) -> Result<(), Refusal> {
    let chars = password.chars().count();
    let refuse = |zh: String, en: String| Err(Refusal::new(Kind::Invalid, zh, en).at("password"));
    if !(PASSWORD_MIN_CHARS..=PASSWORD_MAX_CHARS).contains(&chars) || password.contains('\0') {
        return refuse(
            format!("密码须为 {PASSWORD_MIN_CHARS} 到 {PASSWORD_MAX_CHARS} 个字符。"),
            format!("A password has {PASSWORD_MIN_CHARS} to {PASSWORD_MAX_CHARS} characters."),
        );
    }
    let first = password.chars().next();
    let plain = password.to_lowercase();
    if password.chars().all(|c| Some(c) == first) || plain.contains(&login.to_lowercase()) {
        return refuse(
            "密码不能只由一个字符重复而成，也不能包含用户名。".to_owned(),
            "A password is not one character again and again and does not hold the log-in name."
                .to_owned(),
        );
    }
    Ok(())
}

/// A person as the staff sees them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Their unit.
    pub unit: UnitId,
    /// Its name.
    pub unit_name: String,
    /// Whether they still work here.
    pub active: bool,
    /// Their log-in name, told to administrators only.
    pub login: Option<String>,
    /// The cells they are posted to.
    pub posts: Vec<Post>,
}

/// Lists units, by kind and name.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListUnits {
    /// Only those of this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<UnitKind>,
}

impl Call for ListUnits {
    type Answer = Vec<Unit>;
    const NAME: &'static str = "list_units";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/units";
    const WHO: Who = Who::SignedIn;
    const ABOUT: &'static str = "Units, by kind and name.";
}

/// Lists people, by number.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListPeople {
    /// Only those of this unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// Only those posted to the cell with this code, of any level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// Only those with this role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Those who have left, too.
    #[serde(default)]
    pub left: bool,
    /// Only those with a larger number: the last one of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<PersonId>,
    /// How many at most, 1 to 200; 50 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
}

impl Call for ListPeople {
    type Answer = Vec<Person>;
    const NAME: &'static str = "list_people";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/people";
    const WHO: Who = Who::SignedIn;
    const ABOUT: &'static str = "People with their unit and posts, by unit, cell and role.";
}

/// Adds a unit.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddUnit {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: UnitKind,
}

impl Call for AddUnit {
    type Answer = Unit;
    const NAME: &'static str = "add_unit";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/units";
    const WHO: Who = KEEPERS;
    const ABOUT: &'static str = "Adds a unit.";
}

/// Adds a person, who signs in once they are given a log-in name and a password.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddPerson {
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Their unit.
    pub unit: UnitId,
}

impl Call for AddPerson {
    type Answer = Person;
    const NAME: &'static str = "add_person";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/people";
    const WHO: Who = KEEPERS;
    const ABOUT: &'static str = "Adds a person.";
}

/// Posts somebody to a cell.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddPost {
    /// Who.
    pub person: PersonId,
    /// Where, and as what.
    pub post: Post,
}

impl Call for AddPost {
    type Answer = Person;
    const NAME: &'static str = "add_post";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/people/posts";
    const WHO: Who = KEEPERS;
    const ABOUT: &'static str = "Posts somebody to a cell as leader, member, adviser or official.";
}

/// Takes somebody off a cell.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemovePost {
    /// Who.
    pub person: PersonId,
    /// From where.
    pub post: Post,
}

impl Call for RemovePost {
    type Answer = Person;
    const NAME: &'static str = "remove_post";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/people/posts/remove";
    const WHO: Who = KEEPERS;
    const ABOUT: &'static str = "Takes somebody off a cell.";
}

/// Lets somebody go, or takes them back. Their sessions end; what they did stays theirs.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetActive {
    /// Who.
    pub person: PersonId,
    /// Whether they work here from now on.
    pub active: bool,
}

impl Call for SetActive {
    type Answer = Person;
    const NAME: &'static str = "set_active";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/people/active";
    const WHO: Who = KEEPERS;
    const ABOUT: &'static str =
        "Lets somebody go or takes them back; nothing of theirs is deleted.";
}

/// Gives somebody a log-in name and a password. Their sessions end.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPassword {
    /// Who.
    pub person: PersonId,
    /// Their log-in name.
    pub login: String,
    /// Their password.
    pub password: String,
}

impl Call for SetPassword {
    type Answer = Person;
    const NAME: &'static str = "set_password";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/people/password";
    const WHO: Who = KEEPERS;
    const ABOUT: &'static str =
        "Gives somebody a log-in name and a password and ends their sessions.";
}

/// Changes one's own password. All sessions end but the one that asks, which gets a new token.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The password so far.
    pub old: String,
    /// The password from now on.
    pub password: String,
}

impl Call for ChangePassword {
    type Answer = bool;
    const NAME: &'static str = "change_password";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/people/me/password";
    const WHO: Who = Who::SignedIn;
    const ABOUT: &'static str = "Changes one's own password and signs out everywhere else.";
}

/// Ends every session of somebody; answers how many there were.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndSessions {
    /// Who.
    pub person: PersonId,
}

impl Call for EndSessions {
    type Answer = u64;
    const NAME: &'static str = "end_sessions";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/people/sessions/end";
    const WHO: Who = KEEPERS;
    const ABOUT: &'static str = "Signs somebody out everywhere.";
}

/// Ends every session of whoever asks; answers how many there were.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignOutEverywhere {}

impl Call for SignOutEverywhere {
    type Answer = u64;
    const NAME: &'static str = "sign_out_everywhere";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/people/sign-out-everywhere";
    const WHO: Who = Who::SignedIn;
    const ABOUT: &'static str = "Ends every session of whoever asks, this one included.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_and_not_the_name_again() {
        for (password, fine) in [
            ("四个汉字的密码很短", false),
            ("围墙外的垃圾两天清掉", true),
            ("aaaaaaaaaaaa", false),
            ("WangXiaoming1", false),
            ("correct horse battery", true),
            ("nul\0in the middle", false),
        ] {
            assert_eq!(check_password("wang", password).is_ok(), fine, "{password}");
        }
        assert!(check_password("wang", &"网格".repeat(101)).is_err());
    }
}
