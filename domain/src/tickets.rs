//! Tickets: the case made of one or more reports, and the one table that says how it moves.
//!
//! From the moment a report is acknowledged to the moment its ticket is evaluated there is one
//! responsible unit and one running deadline, or an approved pause with a date of review.

mod calls;
pub mod campaigns;
pub mod care;
pub mod chronic;
pub mod merging;
pub mod near;
pub mod notices;
pub mod repeats;
mod rules;
mod step;
pub mod telling;
#[cfg(test)]
mod tests;
mod tracking;
#[cfg(test)]
mod walks;
mod whistle;

pub use calls::{
    ActOnTicket, ListTickets, MOVERS, Order, ShowTicket, ShownTicket, Ticket, TicketEvent,
    TicketOfReport,
};
pub use rules::{Group, RULES, Rule, diagram, rule, rules};
pub use step::{Actor, Facts, Offer, Pending, offered, step};
pub use tracking::{
    AskReopenByCode, BY_CODE_MAX_CHARS, Progress, PublicStatus, PublicStep, RateByCode, Rating,
    ShowStatus, Told, public_status,
};
pub use whistle::{
    CALLED_MAX, Called, CalledUnit, HeldMeeting, ListStagePlans, Meeting, PlannedStage,
    PlannedTask, StageOfPlan, StagePlan, Task, TaskOfPlan, Whistle, stage_plans,
};

use crate::clocks::Stage;
use crate::reports::PhotoMoment;
use crate::words;

words! {
    /// Where a ticket stands.
    State {
        New = "new", "新建", "new";
        Reported = "reported", "待核实", "to be verified";
        Looking = "looking", "现场核实", "being looked at on site";
        NotFiled = "not_filed", "不予立案", "not filed";
        Filed = "filed", "待派遣", "to be dispatched";
        Passed = "passed", "分中心待派", "with the sub-centre";
        Dispatched = "dispatched", "待接收", "to be accepted";
        Accepted = "accepted", "处置中", "being handled";
        OnSite = "on_site", "现场处置", "being handled on site";
        Returned = "returned", "退单待定", "returned, to be decided";
        Raised2 = "raised_2", "上报社区", "raised to level 2";
        Raised1 = "raised_1", "上报街道", "raised to level 1";
        Whistled = "whistled", "已吹哨", "whistle blown";
        Coordinated = "coordinated", "协同处置", "being handled together";
        Suspended = "suspended", "挂账", "suspended";
        Done = "done", "待核查", "to be inspected";
        Rework = "rework", "返工", "rework";
        Inspected = "inspected", "待结案", "to be closed";
        Closed = "closed", "已结案", "closed";
        Evaluated = "evaluated", "已评价", "evaluated";
        Merged = "merged", "已并案", "merged into another";
        Void = "void", "作废", "void";
    }
}

impl State {
    /// Whether nothing runs any more: no deadline is owed.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::NotFiled | Self::Evaluated | Self::Merged | Self::Void)
    }

    /// Whether work is over, though the rating may still come.
    pub const fn is_over(self) -> bool {
        self.is_final() || matches!(self, Self::Closed)
    }
}

words! {
    /// What can be done with a ticket.
    Action {
        Open = "open", "受理", "open";
        Schedule = "schedule", "到期探访", "let a visit fall due";
        Look = "look", "派人核实", "send someone to look";
        Describe = "describe", "回报现场情况", "say what was found";
        SettleOnSpot = "settle_on_spot", "随手处理", "settle on the spot";
        File = "file", "立案", "file";
        Refuse = "refuse", "不予立案", "do not file";
        Pass = "pass", "转分中心", "pass to a sub-centre";
        Dispatch = "dispatch", "派遣", "dispatch";
        Recall = "recall", "撤回派遣", "recall";
        Accept = "accept", "接收", "accept";
        Arrive = "arrive", "到场", "arrive";
        FeedBack = "feed_back", "反馈办结", "feed back as done";
        AskReturn = "ask_return", "申请退单", "ask to return it";
        DenyReturn = "deny_return", "驳回退单", "refuse the return";
        RaiseTo2 = "raise_to_2", "上报社区", "raise to level 2";
        RaiseTo1 = "raise_to_1", "上报街道", "raise to level 1";
        Whistle = "whistle", "吹哨", "whistle";
        CheckIn = "check_in", "报到", "check in";
        Remind = "remind", "催促报到", "remind the absent";
        ReportAbsent = "report_absent", "通报未报到", "report the absent";
        Meet = "meet", "召开协调会", "hold the meeting";
        FinishTask = "finish_task", "完成任务", "finish a task";
        Visit = "visit", "完成探访", "visit";
        Confirm = "confirm", "核查通过", "pass the inspection";
        SendBack = "send_back", "返工", "send back for rework";
        Close = "close", "结案", "close";
        Rate = "rate", "评价", "rate";
        Evaluate = "evaluate", "考核评价", "evaluate";
        AskExtension = "ask_extension", "申请延期", "ask for more time";
        GrantExtension = "grant_extension", "批准延期", "grant more time";
        DenyExtension = "deny_extension", "驳回延期", "refuse more time";
        AskSuspension = "ask_suspension", "申请挂账", "ask to suspend";
        GrantSuspension = "grant_suspension", "批准挂账", "grant the suspension";
        DenySuspension = "deny_suspension", "驳回挂账", "refuse the suspension";
        Resume = "resume", "恢复办理", "resume";
        AskSupervision = "ask_supervision", "申请督办", "ask for supervision";
        GrantSupervision = "grant_supervision", "批准督办", "grant the supervision";
        DenySupervision = "deny_supervision", "驳回督办", "refuse the supervision";
        AskVoid = "ask_void", "申请作废", "ask to void";
        GrantVoid = "grant_void", "批准作废", "grant the voiding";
        DenyVoid = "deny_void", "驳回作废", "refuse the voiding";
        AskReopen = "ask_reopen", "申请重开", "ask to reopen";
        GrantReopen = "grant_reopen", "批准重开", "grant the reopening";
        DenyReopen = "deny_reopen", "驳回重开", "refuse the reopening";
        Merge = "merge", "并案", "merge";
        Unmerge = "unmerge", "拆案", "unmerge";
        Join = "join", "并入他案", "take another ticket in";
        Release = "release", "拆出他案", "let another ticket go";
        Conceal = "conceal", "设为敏感", "mark as sensitive";
        Disclose = "disclose", "解除敏感", "lift the sensitivity";
        Note = "note", "备注", "note";
    }
}

words! {
    /// What is asked for and needs somebody else's approval.
    Request {
        Extension = "extension", "延期", "more time";
        Suspension = "suspension", "挂账", "suspension";
        Supervision = "supervision", "督办", "supervision";
        Void = "void", "作废", "voiding";
        Reopen = "reopen", "重开", "reopening";
    }
}

impl Request {
    /// The action that grants it.
    pub const fn granting(self) -> Action {
        match self {
            Self::Extension => Action::GrantExtension,
            Self::Suspension => Action::GrantSuspension,
            Self::Supervision => Action::GrantSupervision,
            Self::Void => Action::GrantVoid,
            Self::Reopen => Action::GrantReopen,
        }
    }

    /// Whether it lapses where a ticket goes: it could not be granted there. What one unit asked
    /// for does not wait for the next.
    pub fn lapses_in(self, state: State) -> bool {
        rule(state, self.granting()).is_none()
    }
}

/// What an action does to a [`Request`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asking {
    /// It is made.
    Ask(Request),
    /// It is granted.
    Grant(Request),
    /// It is refused.
    Deny(Request),
}

impl Action {
    /// What this action does to a request, if it is about one. (A return is not among them: the
    /// ticket itself moves to [`State::Returned`] and is decided there.)
    pub const fn asking(self) -> Option<Asking> {
        Some(match self {
            Self::AskExtension => Asking::Ask(Request::Extension),
            Self::GrantExtension => Asking::Grant(Request::Extension),
            Self::DenyExtension => Asking::Deny(Request::Extension),
            Self::AskSuspension => Asking::Ask(Request::Suspension),
            Self::GrantSuspension => Asking::Grant(Request::Suspension),
            Self::DenySuspension => Asking::Deny(Request::Suspension),
            Self::AskSupervision => Asking::Ask(Request::Supervision),
            Self::GrantSupervision => Asking::Grant(Request::Supervision),
            Self::DenySupervision => Asking::Deny(Request::Supervision),
            Self::AskVoid => Asking::Ask(Request::Void),
            Self::GrantVoid => Asking::Grant(Request::Void),
            Self::DenyVoid => Asking::Deny(Request::Void),
            Self::AskReopen => Asking::Ask(Request::Reopen),
            Self::GrantReopen => Asking::Grant(Request::Reopen),
            Self::DenyReopen => Asking::Deny(Request::Reopen),
            _ => return None,
        })
    }
}

impl Action {
    /// Which side of the work photos show that go with this action; `None`: none go with it.
    pub const fn photos(self) -> Option<PhotoMoment> {
        match self {
            Self::Describe | Self::Arrive => Some(PhotoMoment::Before),
            Self::SettleOnSpot
            | Self::FeedBack
            | Self::FinishTask
            | Self::Confirm
            | Self::SendBack => Some(PhotoMoment::After),
            _ => None,
        }
    }
}

words! {
    /// What somebody is to a ticket. One person may be several.
    Party {
        Desk = "desk", "联动中心派遣员", "the centre's dispatchers";
        ShiftLead = "shift_lead", "值班长", "the shift lead";
        Overseer = "overseer", "值班长或管理层", "the shift lead or management";
        Responsible = "responsible", "责任单位", "the responsible unit";
        Called = "called", "被吹哨的单位", "a unit the whistle called";
        Checker = "checker", "处置单位以外的核查人", "someone other than the handler";
        Visitor = "visitor", "探访人", "whoever visits the household";
        Reporter = "reporter", "上报人", "the reporter";
        System = "system", "系统", "the system";
    }
}

/// What a rule does to the running deadline.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deadline {
    /// A new one starts at the act.
    Start(Stage),
    /// The one that runs goes on.
    Keep,
    /// The one that runs gets more time.
    Extend,
    /// It stands still until the date of review.
    Pause,
    /// It goes on with what was left.
    Resume,
    /// Nothing is owed any more.
    Stop,
}

/// Who is the responsible unit after a rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Owner {
    /// As before.
    Keep,
    /// The linkage centre.
    Centre,
    /// The unit of the ticket's level-3 cell.
    Cell,
    /// The unit of the community over it.
    Level2,
    /// The unit of the street-level district over it.
    Level1,
    /// The unit named in the act.
    Named,
    /// The unit that was to handle it before.
    Handler,
}
