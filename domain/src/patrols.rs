//! Patrols: a shift of one person, its track, its fixes; no words here yet.
