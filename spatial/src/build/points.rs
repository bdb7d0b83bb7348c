//! Positions as small numbers: every distinct position once, later in Morton order, so that
//! numbers near each other lie near each other and depend on nothing but the set of positions.

use crate::position::Position;

/// Distinct positions and a hash table to find them by.
pub(crate) struct Points {
    at: Vec<Position>,
    slots: Vec<(Position, u32)>,
    shift: u32,
}

const FREE: u32 = u32::MAX;

impl Points {
    /// Room for about `count` positions before the table has to grow.
    pub(crate) fn with_capacity(count: usize) -> Self {
        let slots = (count * 2).next_power_of_two().max(16);
        let shift = 64 - slots.trailing_zeros();
        Self { at: Vec::new(), slots: vec![(Position::new(0, 0), FREE); slots], shift }
    }

    /// The number of a position, a new one if it was not met before.
    pub(crate) fn number(&mut self, p: Position) -> u32 {
        if self.at.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let slot = self.slot(p);
        if self.slots[slot].1 == FREE {
            self.slots[slot] = (p, self.at.len() as u32);
            self.at.push(p);
        }
        self.slots[slot].1
    }

    /// The positions in Morton order, and the new number of every old one.
    pub(crate) fn in_order(self) -> (Vec<Position>, Vec<u32>) {
        drop(self.slots);
        let mut order: Vec<(u64, u32)> =
            self.at.iter().enumerate().map(|(i, &p)| (p.morton(), i as u32)).collect();
        order.sort_unstable();
        let mut renumbered = vec![0; self.at.len()];
        for (new, &(_, old)) in order.iter().enumerate() {
            renumbered[old as usize] = new as u32;
        }
        (order.iter().map(|&(_, old)| self.at[old as usize]).collect(), renumbered)
    }

    fn slot(&self, p: Position) -> usize {
        let key = (u64::from(p.lng_e7 as u32) << 32) | u64::from(p.lat_e7 as u32);
        let mixed = (key ^ (key >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut slot = (mixed >> self.shift) as usize;
        while self.slots[slot].1 != FREE && self.slots[slot].0 != p {
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        slot
    }

    fn grow(&mut self) {
        let mut grown = Self::with_capacity(self.slots.len());
        for (number, &p) in self.at.iter().enumerate() {
            let slot = grown.slot(p);
            grown.slots[slot] = (p, number as u32);
        }
        self.slots = grown.slots;
        self.shift = grown.shift;
    }
}
