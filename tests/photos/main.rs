//! Photos: taken in, stripped of what their file says, linked to reports and steps, shown to
//! whoever may see those, and deleted when nobody names them.

mod bucket;
mod linking;
mod made;
mod seeing;
mod sending;
mod sweeping;
