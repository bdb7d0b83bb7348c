//! A packed tree of boxes over items that already lie in a spatially sensible order.
//!
//! Eight boxes to a node, built bottom-up in one pass, nothing sorted (which is why it is not
//! rstar's tree: half a million edges come in Morton order or along their arcs already, and are
//! joined with themselves). Any order gives right answers; an order that keeps neighbours together
//! gives quick ones. Linear memory always.

use crate::position::{Position, Window};

const FAN: usize = 8;

/// The tree; items are known by their place in the order given.
pub(crate) struct BoxTree {
    levels: Vec<Vec<Window>>,
    /// The item in each place, if they were put in layers.
    items: Vec<u32>,
}

impl BoxTree {
    /// Builds the tree over one box an item.
    pub(crate) fn new(items: Vec<Window>) -> Self {
        let mut levels = vec![items];
        while levels[levels.len() - 1].len() > 1 {
            let below = &levels[levels.len() - 1];
            let above = below.chunks(FAN).map(|c| c[1..].iter().fold(c[0], |w, b| joined(&w, b)));
            let above = above.collect();
            levels.push(above);
        }
        Self { levels, items: Vec::new() }
    }

    /// The same for items among which may be long ones: those longer than a few times the spacing
    /// are put behind the others, in layers of like width and height, in Morton order. A box
    /// around long items of different shape would be full of nothing.
    pub(crate) fn layered(items: Vec<Window>) -> Self {
        let all = items.iter().copied().reduce(|a, b| joined(&a, &b));
        let size = |w: &Window| {
            let dx = i64::from(w.high.lng_e7) - i64::from(w.low.lng_e7);
            (dx, i64::from(w.high.lat_e7) - i64::from(w.low.lat_e7))
        };
        let (dx, dy) = all.as_ref().map_or((0, 0), size);
        let spacing = (dx as f64 * dy as f64 / items.len().max(1) as f64).sqrt();
        let long = |w: &Window| size(w).0.max(size(w).1) as f64 > 4.0 * spacing;
        if !items.iter().any(long) {
            return Self::new(items);
        }
        let layer = |&i: &u32| {
            let (item, (dx, dy)) = (&items[i as usize], size(&items[i as usize]));
            let middle = |a: i32, b: i32| ((i64::from(a) + i64::from(b)) / 2) as i32;
            let at = Position::new(
                middle(item.low.lng_e7, item.high.lng_e7),
                middle(item.low.lat_e7, item.high.lat_e7),
            );
            if long(item) {
                (1 + (dx + 1).ilog2(), (dy + 1).ilog2(), at.morton())
            } else {
                (0, 0, 0)
            }
        };
        let mut order: Vec<u32> = (0..items.len() as u32).collect();
        order.sort_by_cached_key(layer);
        let sorted = order.iter().map(|&i| items[i as usize]).collect();
        Self { items: order, ..Self::new(sorted) }
    }

    fn item(&self, place: usize) -> u32 {
        self.items.get(place).copied().unwrap_or(place as u32)
    }

    /// Calls `found` with every item whose box shares a point with the window.
    pub(crate) fn meeting(&self, window: &Window, mut found: impl FnMut(u32)) {
        let top = self.levels.len() - 1;
        if self.levels[top].is_empty() || !self.levels[top][0].meets(window) {
            return;
        }
        let mut stack = vec![(top, 0usize)];
        while let Some((level, i)) = stack.pop() {
            if level == 0 {
                found(self.item(i));
                continue;
            }
            for j in self.children(level, i) {
                if self.levels[level - 1][j].meets(window) {
                    stack.push((level - 1, j));
                }
            }
        }
    }

    /// Calls `found(i, j)` once for every pair i < j of items whose boxes share a point.
    pub(crate) fn pairs(&self, mut found: impl FnMut(u32, u32)) {
        let mut stack = vec![(self.levels.len() - 1, 0usize, 0usize)];
        while let Some((level, i, j)) = stack.pop() {
            if level == 0 {
                continue; // a single item
            }
            let below = &self.levels[level - 1];
            for a in self.children(level, i) {
                for b in self.children(level, j) {
                    if i == j && (b < a || (level == 1 && b == a)) || !below[a].meets(&below[b]) {
                        continue;
                    }
                    if level == 1 {
                        let (a, b) = (self.item(a), self.item(b));
                        found(a.min(b), a.max(b));
                    } else {
                        stack.push((level - 1, a, b));
                    }
                }
            }
        }
    }

    /// Visits the items whose box spans `at.lng_e7` (west end left out) and begins below `at`,
    /// nearest top first. `look` returns a latitude below which nothing matters any more.
    pub(crate) fn below(&self, at: Position, mut look: impl FnMut(u32) -> Option<i64>) {
        let top = self.levels.len() - 1;
        let spans = |w: &Window| {
            w.low.lng_e7 < at.lng_e7 && at.lng_e7 <= w.high.lng_e7 && w.low.lat_e7 < at.lat_e7
        };
        let mut floor = i64::MIN;
        let mut stack = Vec::new();
        if self.levels[top].first().is_some_and(spans) {
            stack.push((top, 0usize));
        }
        while let Some((level, i)) = stack.pop() {
            if i64::from(self.levels[level][i].high.lat_e7) < floor {
                continue;
            }
            if level == 0 {
                floor = look(self.item(i)).map_or(floor, |f| f.max(floor));
                continue;
            }
            let first = stack.len();
            for j in self.children(level, i) {
                if spans(&self.levels[level - 1][j]) {
                    stack.push((level - 1, j));
                }
            }
            stack[first..].sort_unstable_by_key(|&(l, j)| self.levels[l][j].high.lat_e7);
        }
    }

    fn children(&self, level: usize, i: usize) -> std::ops::Range<usize> {
        i * FAN..((i + 1) * FAN).min(self.levels[level - 1].len())
    }
}

/// The box of a segment.
pub(crate) fn of_segment(a: Position, b: Position) -> Window {
    Window {
        low: Position::new(a.lng_e7.min(b.lng_e7), a.lat_e7.min(b.lat_e7)),
        high: Position::new(a.lng_e7.max(b.lng_e7), a.lat_e7.max(b.lat_e7)),
    }
}

fn joined(a: &Window, b: &Window) -> Window {
    let (low, high) = (of_segment(a.low, b.low).low, of_segment(a.high, b.high).high);
    Window { low, high }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_and_windows_agree_with_trying_them_all() {
        let mut seed = 7u64;
        let mut next = || {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 40) as i32 % 300
        };
        let mut item = || of_segment(Position::new(next(), next()), Position::new(next(), next()));
        for n in [0, 1, 2, 8, 9, 65, 200] {
            let items: Vec<_> = (0..n).map(|_| item()).collect();
            let trees = [BoxTree::new(items.clone()), BoxTree::layered(items.clone())];
            for tree in trees {
                let mut pairs = Vec::new();
                tree.pairs(|i, j| pairs.push((i, j)));
                pairs.sort_unstable();
                let all: Vec<_> = (0..n)
                    .flat_map(|i| (i + 1..n).map(move |j| (i, j)))
                    .filter(|&(i, j)| items[i as usize].meets(&items[j as usize]))
                    .collect();
                assert_eq!(pairs, all);
                let window = item();
                let mut met = Vec::new();
                tree.meeting(&window, |i| met.push(i));
                met.sort_unstable();
                let all: Vec<_> = (0..n).filter(|&i| items[i as usize].meets(&window)).collect();
                assert_eq!(met, all);
            }
        }
    }
}
