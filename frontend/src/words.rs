//! Every sentence the screens say, Chinese first, and the language they are said in.
//!
//! Domain words (roles, bases, channels) come with both spellings from `domain::word`; this
//! table holds the rest. `{}` is where a value goes. A test keeps Chinese out of other files.

use domain::refusal::Both;
use domain::word::Word;

/// The languages of the screens.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Language {
    /// Chinese, unless asked otherwise.
    #[default]
    Zh,
    /// English.
    En,
}

impl Language {
    /// How the address names it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// What the page's `lang` attribute says, so that screen readers and fonts follow.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// The other one.
    pub const fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }

    /// A sentence of the table.
    pub const fn say(self, phrase: Phrase) -> &'static str {
        match self {
            Self::Zh => phrase.zh(),
            Self::En => phrase.en(),
        }
    }

    /// A sentence with its values in place of the `{}`, in order.
    pub fn fill(self, phrase: Phrase, values: &[&str]) -> String {
        let mut pieces = self.say(phrase).split("{}");
        let mut said = pieces.next().unwrap_or_default().to_owned();
        for (index, piece) in pieces.enumerate() {
            said.push_str(values.get(index).copied().unwrap_or_default());
            said.push_str(piece);
        }
        said
    }

    /// A domain word.
    pub fn word<W: Word>(self, word: W) -> &'static str {
        match self {
            Self::Zh => word.zh(),
            Self::En => word.en(),
        }
    }

    /// The server's own sentence.
    pub fn both(self, both: &Both) -> String {
        match self {
            Self::Zh => both.zh.clone(),
            Self::En => both.en.clone(),
        }
    }
}

macro_rules! phrases {
    ($($name:ident = $zh:literal, $en:literal;)+) => {
        /// A sentence of the table.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Phrase { $(#[doc = concat!($zh, " / ", $en)] $name,)+ }

        impl Phrase {
            /// Every sentence.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
            /// In Chinese.
            pub const fn zh(self) -> &'static str { match self { $(Self::$name => $zh),+ } }
            /// In English.
            pub const fn en(self) -> &'static str { match self { $(Self::$name => $en),+ } }
        }
    };
}

phrases! {
    Title = "网格地图", "Grid map";
    Product = "网格", "Wangge";
    SkipToMap = "跳到地图", "Skip to the map";
    MapLabel = "网格地图：方向键移动，加减号缩放，回车查询准星所在位置",
        "Grid map: arrow keys move, plus and minus zoom, Enter asks about the place under the \
         cross";
    SwitchLanguage = "English", "中文";
    Close = "关闭", "Close";
    Retry = "重试", "Try again";
    Waiting = "正在查询……", "Asking …";
    MoreRoom = "展开面板", "Expand the panel";
    LessRoom = "收起面板", "Shrink the panel";
    ZoomIn = "放大", "Zoom in";
    ZoomOut = "缩小", "Zoom out";
    WholeArea = "看全辖区", "Show the whole area";
    MyPlace = "定位到我", "Where I am";
    MyPlaceFailed = "取不到您的位置：请允许浏览器定位，或直接点选地图。",
        "Your position is not available: allow it in the browser, or click on the map.";
    Unreachable = "连不上服务。请检查网络，或稍后再试。",
        "The service cannot be reached. Check the network, or try again later.";
    Garbled = "服务的回答读不懂，请刷新页面；若仍如此，请告知管理员。",
        "The service's answer could not be read. Reload the page; if it stays, tell the \
         administrator.";
    NoSuchPage = "没有这个页面。", "There is no such page.";
    ToMap = "去地图", "To the map";
    NoWebGl = "浏览器不能绘制地图（需要 WebGL 2）。查询和上报仍可使用。",
        "The browser cannot draw the map (it needs WebGL 2). Search and reporting still work.";

    SearchLabel = "查找网格、人员或坐标", "Search cells, people, coordinates";
    SearchHint = "编码、名称、人员或坐标", "Code, name, person, coordinate";
    SearchNothing = "没有找到“{}”。可输入编码、名称、人名，或“经度, 纬度”。",
        "Nothing found for “{}”. Try a code, a name, a person, or “longitude, latitude”.";
    SearchClear = "清除", "Clear";
    SearchCount = "{} 条结果", "{} results";

    EditionEmptyTitle = "还没有网格", "No grids yet";
    EditionEmpty = "导入一份网格边界，地图就有内容；或装入演示辖区。",
        "Import a file of cell boundaries to fill the map, or load the demo district.";
    EditionOf = "第 {} 版", "Edition {}";
    EditionFrom = "来源 {}", "From {}";
    EditionPublished = "发布于 {}", "Published {}";
    EditionOld = "正在看旧版本", "An older edition is shown";
    EditionNow = "回到现行版", "Back to the current one";
    WelcomeTitle = "点一下地图，看这里归谁管", "Click the map: who answers here?";
    Welcome = "每一处地方都有且只有一个负责的网格，墙缝、边角和辖区之外也不例外。",
        "Every place has exactly one answer: the strip between two walls, odd corners and \
         places outside included.";
    CountCells = "三级网格", "Cells";
    CountZones = "空白地带", "Blank zones";
    CountProblems = "边界问题", "Problems";
    ShortcutsTitle = "快捷键", "Keys";
    ShortcutSearch = "查找", "search";
    ShortcutEnter = "查询准星处", "ask at the cross";
    ShortcutEscape = "关闭", "close";

    WhoAnswers = "谁负责", "Who answers";
    DutyDesk = "中心值班台", "The centre's duty desk";
    Why = "为什么", "Why";
    WhyInside = "这里画在该网格界内。", "This place is drawn inside the cell.";
    WhyBorder = "这里压在网格边界上：边界上的点只归一格，判给该网格；与邻格有异议时由派遣一次定夺。",
        "This place is on the border. A point on a border belongs to one cell only, this one; \
         if the neighbour disagrees, dispatch decides once.";
    WhyZone = "这里不在任何网格的图上，属于第 {} 号空白地带；空白地带也有主，归属规则：{}。",
        "No cell was drawn here: it is blank zone {}. Blank zones have an owner too. Rule: {}.";
    WhyNear = "这里在辖区之外，但紧挨该网格（{}），由它先接。",
        "Outside the area, but close to this cell ({}), which takes it first.";
    WhyOutside = "这里在辖区之外，不属于任何网格；由中心值班台受理，不会没人接。",
        "Outside the area and in no cell. The centre's duty desk takes it, so it is never \
         nobody's.";
    WhyOutsideNearest = "这里在辖区之外，由中心值班台受理；最近的网格是{}，相距 {}，由它协同。",
        "Outside the area: the centre's duty desk takes it. The nearest cell, {}, is {} away and \
         helps.";
    NearestCell = "最近网格", "Nearest cell";
    Zone = "第 {} 号空白地带", "Blank zone {}";
    ToBorder = "距边界", "To the border";
    Neighbour = "最近的邻格", "Nearest neighbour";
    NeighbourAt = "相距 {}", "{} away";
    WhomToCall = "找谁", "Whom to call";
    MorePeople = "另有 {} 人", "{} more people";
    LevelOne = "一级", "Level 1";
    LevelTwo = "二级", "Level 2";
    LevelThree = "三级", "Level 3";
    Accuracy = "定位误差", "Position accuracy";
    AccuracyNone = "按准确位置", "Exact";
    AccuracyMetres = "±{} 米", "±{} m";
    Shares = "可能的网格", "Cells it may be in";
    SharesNote = "误差圈内各网格所占比例", "Share of the accuracy circle in each cell";
    Coordinate = "坐标", "Coordinate";
    CopyLink = "复制链接", "Copy link";
    Copied = "已复制", "Copied";
    ReportHere = "在此上报", "Report here";
    ShowCellPanel = "查看网格", "Show the cell";
    CellArea = "面积", "Area";
    CellReports = "近一年上报", "Reports in a year";
    CellZones = "兜底的空白地带", "Blank zones it owns";
    CellAbove = "上级", "Above it";
    ZoomToCell = "缩放到该网格", "Zoom to the cell";

    LayersTitle = "图层与图例", "Layers and legend";
    LayerCells = "网格边界", "Cell borders";
    LayerCellsNote = "线越粗，级别越高", "The thicker the line, the higher the level";
    LayerLabels = "网格名称", "Cell names";
    LayerLabelsNote = "随缩放显示一、二、三级", "Level 1, 2 or 3 by zoom";
    LayerZones = "空白地带", "Blank zones";
    LayerZonesNote = "斜线，颜色同负责的网格", "Hatched in the colour of the cell that owns it";
    LayerProblems = "边界问题", "Boundary problems";
    LayerProblemsNote = "导入时发现，形状表示种类", "Found at import; the shape tells the kind";
    LayerReports = "上报", "Reports";
    LayerReportsNote = "圈中数字为件数", "A number in a ring is a count";
    LayerBase = "底图", "Base map";
    LayerBaseNone = "未配置底图", "No base map configured";
    LayerBaseRefused = "底图是 {}，与网格不重合，未叠加。",
        "The base map is in {} and would not match the grids, so it is not drawn.";
    LegendSelected = "选中的网格", "Selected cell";
    LegendNeighbour = "邻格", "Neighbour";
    LegendOverlap = "重叠", "Overlap";
    LegendGap = "空白、细缝", "Gap, sliver";
    LegendRing = "线形问题", "Faulty outline";
    LegendStray = "碎块、出界、其他", "Stray, outside, other";
    LegendFresh = "刚收到", "Just in";

    SignIn = "登录", "Sign in";
    SignOut = "退出登录", "Sign out";
    SignInTitle = "登录网格系统", "Sign in to Wangge";
    SignInName = "账号", "Log-in name";
    SignInPassword = "密码", "Password";
    SignInDemoNote = "演示辖区的账号见启动时打印的说明。", "The demo district's log-ins are printed when it starts.";
    SignedInAs = "已登录：{}", "Signed in: {}";

    ReportsTitle = "上报", "Reports";
    ReportsSignIn = "登录后可看该网格的上报。", "Sign in to read this cell's reports.";
    ReportsNone = "该网格还没有上报。", "No reports in this cell yet.";
    ReportsMore = "更早的", "Older ones";
    ReportNoText = "（没有文字）", "(no text)";
    ReportNumber = "{} 号上报", "Report {}";
    ReportNew = "新上报", "New report";
    ReportChannel = "来源", "Channel";
    ReportCategory = "类别（可不填）", "Category (optional)";
    ReportText = "情况说明", "What is it?";
    ReportTextHint = "看到了什么、在哪个位置", "What you saw, and where exactly";
    ReportSend = "提交", "Send";
    ReportSending = "正在提交……", "Sending …";
    ReportCancel = "取消", "Cancel";
    ReportTaken = "已收到", "Received";
    ReportTakenNote = "已存好，由 {} 负责。", "Saved. {} answers for it.";
    ReportAgain = "再报一件", "Report another";
    ReportDone = "完成", "Done";
    ReportPlace = "上报位置", "Place";
    Live = "实时", "Live";
    LiveLost = "实时中断，正在重连", "Live updates lost, reconnecting";
    LiveNew = "新收到 {} 件上报", "{} new reports";
    TrackTitle = "办理进度", "How is it going?";
    TrackCode = "查询码", "Tracking code";
    TrackCodeHint = "例如 7QKM-2XWR-9TBH-4D，不分大小写", "Like 7QKM-2XWR-9TBH-4D, upper or lower case";
    TrackAsk = "查询", "Look up";
    TrackKeep = "凭查询码可随时查看进度、评价，请妥善保存。",
        "Keep this code: with it you can follow the report and rate it.";
    TrackFollow = "查看办理进度", "Follow it";
    TrackReceived = "收到时间", "Received";
    TrackUnit = "责任单位", "With";
    TrackDue = "本环节期限", "This step is promised by";
    TrackReview = "下次复查", "Looked at again";
    TrackReason = "答复", "Answer";
    TrackSteps = "办理过程", "What happened";
    TrackRate = "您对办理结果满意吗？", "How was it handled?";
    TrackStars = "{} 星", "{} stars";
    TrackRateText = "想说的话（可不填）", "Anything to add? (optional)";
    TrackRateSend = "提交评价", "Send";
    TrackRated = "您的评价：{} 星，谢谢。", "You gave {} stars. Thank you.";
    TrackReopen = "没有解决？申请重新办理", "Not solved? Ask to reopen it";
    TrackReopenReason = "哪里没有解决", "What is not solved?";
    TrackReopenSend = "提交申请", "Ask to reopen";
    TrackReopenAsked = "已申请重新办理，正在等待答复。", "You asked to reopen it; the answer is under way.";
    UnitMetre = "米", "m";
    UnitKilometre = "公里", "km";
    UnitSquareMetre = "平方米", "m²";
    UnitHectare = "公顷", "ha";
    UnitSquareKilometre = "平方公里", "km²";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::{Path, PathBuf};

    fn sources(folder: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).expect("the source folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                found.extend(sources(&path));
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                found.push(path);
            }
        }
        found
    }

    fn has_chinese(text: &str) -> bool {
        text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
    }

    #[test]
    fn every_sentence_is_there_in_both_languages_with_the_same_gaps() {
        for phrase in Phrase::ALL {
            assert!(!phrase.zh().trim().is_empty(), "{phrase:?} has no Chinese");
            assert!(!phrase.en().trim().is_empty(), "{phrase:?} has no English");
            let gaps = |text: &str| text.matches("{}").count();
            assert_eq!(gaps(phrase.zh()), gaps(phrase.en()), "{phrase:?}");
            if *phrase != Phrase::SwitchLanguage {
                assert!(!has_chinese(phrase.en()), "{phrase:?} has Chinese in its English");
                assert!(has_chinese(phrase.zh()), "{phrase:?} has no Chinese in its Chinese");
            }
        }
    }

    #[test]
    fn every_sentence_of_the_table_is_used_and_none_stands_elsewhere() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut all = String::new();
        for path in sources(&folder) {
            if path.ends_with("words.rs") {
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a source file");
            for (number, line) in text.lines().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                assert!(!has_chinese(code), "{}:{}: {line}", path.display(), number + 1);
            }
            all.push_str(&text);
        }
        for phrase in Phrase::ALL {
            let named = format!("Phrase::{phrase:?}");
            let used = all
                .match_indices(&named)
                .any(|(at, _)| !all[at + named.len()..].starts_with(|c: char| c.is_alphanumeric()));
            assert!(used, "{phrase:?} is said nowhere: delete it");
        }
    }

    #[test]
    fn values_go_into_their_gaps_in_order() {
        assert_eq!(
            Language::En.fill(Phrase::WhyZone, &["7", "longest shared border"]),
            "No cell was drawn here: it is blank zone 7. Blank zones have an owner too. \
             Rule: longest shared border."
        );
    }
}
