//! People, the units they belong to, and the roles they hold.

pub mod roster;
mod sight;
mod staff;

pub use sight::{Reach, SIGHT, Scope, Sight};
pub use staff::{
    AddPerson, AddPost, AddUnit, ChangePassword, EndSessions, ListPeople, ListUnits,
    NAME_MAX_CHARS, Person, RemovePost, SetActive, SetPassword, SignOutEverywhere, check_password,
};

use crate::call::{Call, Verb, Who};
use crate::ids::{PersonId, UnitId};
use crate::words;
use serde::{Deserialize, Serialize};

words! {
    /// What a person is to the system; decides what they may see and do.
    Role {
        Dispatcher = "dispatcher", "派遣员", "dispatcher";
        ShiftLead = "shift_lead", "值班长", "shift lead";
        SubCentre = "sub_centre", "分中心坐席", "sub-centre operator";
        Planner = "planner", "规划员", "planner";
        Leader = "leader", "网格长", "grid leader";
        Member = "member", "网格员", "grid member";
        Adviser = "adviser", "网格指导员", "department adviser";
        Official = "official", "包网格干部", "official who holds a grid";
        Inspector = "inspector", "巡查员", "inspector";
        Management = "management", "管理层", "management";
        Administrator = "administrator", "系统管理员", "administrator";
    }
}

words! {
    /// The kinds of unit.
    UnitKind {
        Centre = "centre", "联动中心", "linkage centre";
        SubCentre = "sub_centre", "分中心", "sub-centre";
        Community = "community", "社区", "community";
        GridTeam = "grid_team", "网格队伍", "grid team";
        Department = "department", "职能部门", "department";
        Branch = "branch", "党支部", "party branch";
    }
}

/// Somebody to call: no personal detail beyond name and role.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Contact {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// What they are to the cell.
    pub role: Role,
    /// The unit they belong to.
    pub unit: String,
    /// The level of the cell they hold that role on: 3, 2 or 1; `None` for the duty desk.
    pub level: Option<u8>,
}

/// A unit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Unit {
    /// Which.
    pub id: UnitId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: UnitKind,
}

/// A person's place at a cell.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Post {
    /// The level of the cell: 3, 2 or 1.
    pub level: u8,
    /// Its code.
    pub cell: String,
    /// What they are there: leader, member, adviser or official.
    pub role: Role,
}

/// The person signed in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Me {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Their unit's name.
    pub unit: String,
    /// Their unit.
    pub unit_id: UnitId,
    /// The cells they are posted to.
    pub posts: Vec<Post>,
}

impl Me {
    /// What they may see.
    pub fn scope(&self) -> Scope {
        Scope::of(self.role, self.unit_id, &self.posts)
    }
}

/// Signs in; the session travels in a cookie that scripts cannot read.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The log-in name.
    pub login: String,
    /// The password.
    pub password: String,
}

impl Call for SignIn {
    type Answer = Me;
    const NAME: &'static str = "sign_in";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/people/sign-in";
    const WHO: Who = Who::Anyone;
    const ABOUT: &'static str = "Signs a person in and sets the session cookie.";
}

/// Signs out; answers whether somebody was signed in.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignOut {}

impl Call for SignOut {
    type Answer = bool;
    const NAME: &'static str = "sign_out";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/people/sign-out";
    const WHO: Who = Who::Anyone;
    const ABOUT: &'static str = "Ends the session of the cookie sent.";
}

/// Who is asking; `None` when nobody is signed in.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WhoAmI {}

impl Call for WhoAmI {
    type Answer = Option<Me>;
    const NAME: &'static str = "who_am_i";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/people/me";
    const WHO: Who = Who::Anyone;
    const ABOUT: &'static str = "The person the session cookie belongs to, or null.";
}
